/**
 * What the built-in components say of themselves, from English to Portuguese: fetched with the pipeline pages alone. The English
 * text is the key, so that one that changes is missed by a test until it is translated anew.
 */
export const componentTextsPtBR: Readonly<Record<string, string>> = {
  // data/extract, data/file
  'Reads the rows of a dataset.': 'Lê as linhas de um conjunto de dados.',
  'The rows, as data.parquet.': 'As linhas, como data.parquet.',
  'The name of a dataset in esteira.yaml.': 'O nome de um conjunto de dados em esteira.yaml.',
  'A SQL condition on the rows to take, e.g. "date >= \'2001-01-01\'".':
    'Uma condição em SQL sobre as linhas a tomar, por exemplo "date >= \'2001-01-01\'".',
  'The columns to take, in this order. Default: all.': 'As colunas a tomar, nesta ordem. Padrão: todas.',
  'The largest number of rows to take, from the first on.': 'O maior número de linhas a tomar, a partir da primeira.',
  'Reads the rows of one data file.': 'Lê as linhas de um arquivo de dados.',
  'A CSV, Parquet or JSON file or a SQLite database, relative to the project folder.':
    'Um arquivo CSV, Parquet ou JSON ou um banco SQLite, relativo à pasta do projeto.',
  'Of a SQLite database that has several: the table to read.': 'De um banco SQLite com várias tabelas: a tabela a ler.',
  'In place of the file: one that was uploaded, as the engine names it.':
    'Em lugar do arquivo: um que foi enviado, com o nome que o motor lhe deu.',
  // data/statistics, data/validate, data/quarantine
  'Computes the statistics of every column.': 'Calcula as estatísticas de cada coluna.',
  'The rows to describe.': 'As linhas a descrever.',
  'The statistics, as statistics.json.': 'As estatísticas, como statistics.json.',
  'Checks data against a schema (a broken one stops) and against earlier data (values that moved ask to retrain).':
    'Verifica os dados com um esquema (se ele é violado, a execução para) e com dados anteriores (valores que mudaram pedem um novo treino).',
  'The statistics of the data to check.': 'As estatísticas dos dados a verificar.',
  'The rows themselves: for patterns and checks in SQL, and for rows that show what is wrong.':
    'As próprias linhas: para padrões e verificações em SQL, e para linhas que mostrem o que está errado.',
  'The statistics of the span before: for drift, and for rows relative to it.':
    'As estatísticas do período anterior: para o drift e para o número de linhas em relação a ele.',
  'The statistics of the other side, serving where training data is checked: for skew.':
    'As estatísticas do outro lado, o serviço quando se verificam dados de treino: para o skew.',
  'Anomalies, comparisons and both verdicts, as anomalies.json.':
    'Anomalias, comparações e os dois vereditos, como anomalies.json.',
  'The schema file, relative to the project folder, e.g. schemas/flights.yaml.':
    'O arquivo do esquema, relativo à pasta do projeto, por exemplo schemas/flights.yaml.',
  'Columns that the schema does not expect here may be absent.': 'Colunas que o esquema não espera aqui podem faltar.',
  'From which severity on a broken schema fails the step. Values that moved never do.':
    'A partir de que gravidade um esquema violado faz a etapa falhar. Valores que mudaram nunca fazem.',
  'The time at which freshness is judged, for runs over past data. Default: when the step runs.':
    'O momento em que se julga se os dados são recentes, para execuções sobre dados passados. Padrão: quando a etapa executa.',
  'Divides rows into those that satisfy a schema and those that do not, with the reasons.':
    'Separa as linhas que satisfazem um esquema das que não o satisfazem, com os motivos.',
  'The rows to divide.': 'As linhas a separar.',
  'The rows that satisfy the schema, as data.parquet.': 'As linhas que satisfazem o esquema, como data.parquet.',
  'The others, with the column "quarantine_reasons", as data.parquet.':
    'As demais, com a coluna "quarantine_reasons", como data.parquet.',
  'Columns that the schema does not expect here are not looked at.':
    'Colunas que o esquema não espera aqui não são examinadas.',
  'The largest share of rows that may be put aside; beyond it the step fails, as the data itself is wrong.':
    'A maior parcela de linhas que pode ser posta de lado; acima dela a etapa falha, pois os próprios dados estão errados.',
  // data/drift
  'Compares data with earlier data, and says whether it moved so far that a model should be trained again.':
    'Compara dados com dados anteriores e diz se mudaram a ponto de pedir um novo treino.',
  'The statistics of the data at hand.': 'As estatísticas dos dados atuais.',
  'The statistics to compare with, or the model whose training data is meant, unless "against" is set.':
    'As estatísticas com que comparar, ou o modelo cujos dados de treino valem, se "against" não for definido.',
  'Of a model: how much it leans on each column is how much that column weighs. Default: of "against".':
    'De um modelo: o quanto ele se apoia em cada coluna é o quanto ela pesa. Padrão: a de "against".',
  'The rows at hand: with those of "referenceData", a classifier looks for drift of columns together.':
    'As linhas atuais: com as de "referenceData", um classificador procura drift das colunas em conjunto.',
  'The rows to compare with.': 'As linhas com que comparar.',
  'One comparison for each column and the verdict, as drift.json.':
    'Uma comparação por coluna e o veredito, como drift.json.',
  'A model version, as model@alias or model/version: compares with the data that it was trained on.':
    'Uma versão de modelo, como modelo@alias ou modelo/versão: compara com os dados em que ela foi treinada.',
  'A schema file: its "drift" comparators say by which measures and thresholds columns are compared, or that they are not.':
    'Um arquivo de esquema: seus comparadores "drift" dizem por quais medidas e limiares as colunas são comparadas, ou que não são.',
  'Column to threshold, where not that of the schema or the default.':
    'Limiar por coluna, onde não vale o do esquema nem o padrão.',
  'Column to measure, where not that of the schema or the default.':
    'Medida por coluna, onde não vale a do esquema nem a padrão.',
  'The column that is predicted, marked in the report. Default: the target of the model of "against".':
    'A coluna prevista, marcada no relatório. Padrão: o alvo do modelo de "against".',
  'Weighted drift beyond this asks for a retraining. From 0, none, to 1.':
    'Acima deste drift ponderado pede-se um novo treino. De 0, nenhum, a 1.',
  'How often, at most, data that does not drift may be reported to: the fewer rows, the higher the limits.':
    'Com que frequência, no máximo, dados sem drift podem ser acusados: quanto menos linhas, mais altos os limites.',
  'What the data is, for the report, e.g. "flights of March".':
    'O que os dados são, para o relatório, por exemplo "voos de março".',
  // features/retrieve
  'Adds features to the rows of a table, each as it was known at the time of its row.':
    'Acrescenta atributos às linhas de uma tabela, cada um como era conhecido no tempo de sua linha.',
  'The rows that need features: labels with entity and time.':
    'As linhas que precisam de atributos: rótulos com entidade e tempo.',
  'The rows with their features as data.parquet, and features.json.':
    'As linhas com seus atributos como data.parquet, e features.json.',
  'Feature views, or single features of them as view/feature, such as busy-airports/late_share.':
    'Visões de atributos, ou atributos delas como visão/atributo, por exemplo busy-airports/late_share.',
  'The column of the table with the time at which the features are needed, e.g. date.':
    'A coluna da tabela com o tempo em que os atributos são necessários, por exemplo date.',
  'Entity columns of the views to columns of the table. Those left out have the same name.':
    'Colunas de entidade das visões para colunas da tabela. As omitidas têm o mesmo nome.',
  'Other names for features in the table: view/feature to name. Default: the name of the feature.':
    'Outros nomes para os atributos na tabela: visão/atributo para nome. Padrão: o nome do atributo.',
  'False: values count as known from their event time on, even if they were back-filled later. Never for training.':
    'Falso: os valores contam como conhecidos desde o tempo do evento, mesmo que tenham sido preenchidos depois. Nunca para treino.',
  // data/split, data/prepare
  'Divides rows into parts to train on, to validate with and to test with.':
    'Divide as linhas em partes para treinar, validar e testar.',
  'train.parquet, validation.parquet and test.parquet.': 'train.parquet, validation.parquet e test.parquet.',
  'By chance; the newest rows for testing; or by chance with the rows of a group together.':
    'Por sorteio; as linhas mais novas para o teste; ou por sorteio, com as linhas de um grupo juntas.',
  'by: time, the column to order by; by: group, the column that names the group.':
    'by: time, a coluna que ordena; by: group, a coluna que nomeia o grupo.',
  'The share of rows to test with.': 'A parcela das linhas para o teste.',
  'The share of rows to validate with while training.': 'A parcela das linhas para validar durante o treino.',
  'by: random, a category whose shares are the same in every part.':
    'by: random, uma categoria cujas parcelas são as mesmas em cada parte.',
  'Fits imputation, scaling, category codes, date parts and derived columns on the training rows.':
    'Ajusta imputação, escala, códigos de categorias, partes de datas e colunas derivadas nas linhas de treino.',
  'Rows split for training, validation and test.': 'Linhas divididas para treino, validação e teste.',
  'The fitted preparation, the signature and the three parts.': 'A preparação ajustada, a assinatura e as três partes.',
  'The column to predict.': 'A coluna a prever.',
  'Default: told from the target.': 'Padrão: deduzido do alvo.',
  'A list: these columns alone become features. A mapping: how the named columns become features; the others keep the defaults. Default: all columns but the target.':
    'Uma lista: só estas colunas se tornam atributos. Um mapeamento: como as colunas nomeadas se tornam atributos; as outras ficam com o padrão. Padrão: todas as colunas menos o alvo.',
  'What stands in for a missing value.': 'O que fica no lugar de um valor ausente.',
  'Adds a 0/1 feature that tells missing values. Default: where the training rows have any.':
    'Acrescenta um atributo 0/1 que indica valores ausentes. Padrão: onde as linhas de treino têm algum.',
  'auto: quantile for columns with long tails, else standard.':
    'auto: quantile para colunas de cauda longa; senão, standard.',
  'Limits values to the range seen in training widened by a quarter, or to [low, high]. false: no limits.':
    'Limita os valores à faixa vista no treino alargada em um quarto, ou a [mínimo, máximo]. false: sem limites.',
  'The most frequent values kept; the others count as unseen.':
    'Os valores mais frequentes mantidos; os outros contam como não vistos.',
  'Values seen less often in the training rows count as unseen. Default: 2 below 1,000 rows, else 5.':
    'Valores vistos menos vezes nas linhas de treino contam como não vistos. Padrão: 2 abaixo de 1.000 linhas; senão, 5.',
  'Default: the hour unless all times are midnight, the weekday from two weeks on, the day of the year from a year on, the year from two on. days is days since 1970, for trends.':
    'Padrão: a hora, a menos que todos os tempos sejam meia-noite; o dia da semana a partir de duas semanas; o dia do ano a partir de um ano; o ano a partir de dois. days são os dias desde 1970, para tendências.',
  'Columns that do not become features; expressions may still read them.':
    'Colunas que não se tornam atributos; expressões ainda podem lê-las.',
  'Derived columns: name to SQL (DuckDB) over the columns of one row. Served models compute them from the request.':
    'Colunas derivadas: nome para SQL (DuckDB) sobre as colunas de uma linha. Modelos em serviço as calculam a partir da requisição.',
  // model/train
  'Trains a model on the training rows and keeps the weights of the epoch with the lowest validation loss.':
    'Treina um modelo nas linhas de treino e fica com os pesos da época de menor perda na validação.',
  'What data/prepare made.': 'O que data/prepare produziu.',
  'The model package.': 'O pacote do modelo.',
  'Passes over the training rows, at most. Default: fewer the more rows there are, from 200 down to 3.':
    'Passagens pelas linhas de treino, no máximo. Padrão: tanto menos quanto mais linhas houver, de 200 a 3.',
  'Rows per step. Default: grows with the rows, 16 to 4,096.':
    'Linhas por passo. Padrão: cresce com as linhas, de 16 a 4.096.',
  'The highest step size of the schedule. Default: chosen by the batch size.':
    'A maior taxa de aprendizado do percurso. Padrão: escolhida pelo tamanho do lote.',
  'How the learning rate develops after its warm-up: down along half a cosine, or not at all.':
    'Como a taxa de aprendizado evolui após o aquecimento: cai ao longo de meio cosseno, ou não muda.',
  'Pull of all weights towards zero (AdamW). Higher for small or noisy data.':
    'Atração de todos os pesos para zero (AdamW). Maior para dados poucos ou ruidosos.',
  'Epochs without a lower validation loss before training stops early. Default: a quarter of the epochs, at least 5.':
    'Épocas sem perda menor na validação antes de o treino parar mais cedo. Padrão: um quarto das épocas, ao menos 5.',
  'Weight of the rows by class: balanced makes all classes count alike, which shifts the probabilities away from the true rates.':
    'Peso das linhas por classe: balanced faz todas as classes contarem por igual, o que afasta as probabilidades das taxas reais.',
  'Start of all random numbers. Default: the seed of the run.':
    'Início de todos os números aleatórios. Padrão: a semente da execução.',
  'Logistic regression for classes, linear regression for numbers.':
    'Regressão logística para classes, regressão linear para números.',
  'Units of the hidden layers. Default: [64, 32], below 2,000 rows [32].':
    'Unidades das camadas ocultas. Padrão: [64, 32]; abaixo de 2.000 linhas, [32].',
  'Numbers that stand for one category. Default: half the root of the largest number of categories, 2 to 16.':
    'Números que representam uma categoria. Padrão: metade da raiz do maior número de categorias, de 2 a 16.',
  'Share of hidden units left out at each step. Default: 0.2 below 2,000 rows, else 0.1.':
    'Parcela de unidades ocultas deixadas de fora a cada passo. Padrão: 0,2 abaixo de 2.000 linhas; senão, 0,1.',
  'A small dense network with category embeddings; finds curves and interactions.':
    'Uma pequena rede densa com embeddings de categorias; encontra curvas e interações.',
  // model/import
  'Makes a model of an ONNX file, tried on a row.': 'Faz um modelo de um arquivo ONNX, experimentado em uma linha.',
  'The model: manifest, ONNX file and how its inputs and outputs are read.':
    'O modelo: manifesto, arquivo ONNX e como suas entradas e saídas são lidas.',
  'The ONNX file, relative to the project folder.': 'O arquivo ONNX, relativo à pasta do projeto.',
  'What the file does not say of the model.': 'O que o arquivo não diz do modelo.',
  'What the model predicts: the column that holds the truth.': 'O que o modelo prevê: a coluna que contém a verdade.',
  'binary: the only output is the probability of the positive class.':
    'binary: a única saída é a probabilidade da classe positiva.',
  'In the order of the probabilities; of two, the positive one last. Default: as the graph says.':
    'Na ordem das probabilidades; de duas, a positiva por último. Padrão: como o grafo diz.',
  'The columns of a matrix in their order, by name; or more about inputs that have names. Default: f0, f1, …':
    'As colunas de uma matriz em sua ordem, por nome; ou mais sobre entradas que têm nomes. Padrão: f0, f1, …',
  // model/evaluate
  'Scores a model on rows it never saw: the test part, or all rows of a table.':
    'Mede um modelo em linhas que ele nunca viu: a parte de teste, ou todas as linhas de uma tabela.',
  'The model; or name a registered one in the options.': 'O modelo; ou nomeie um registrado nas opções.',
  'The rows: the test part of a split, or a table.': 'As linhas: a parte de teste de uma divisão, ou uma tabela.',
  'Metrics overall and by slice, curves, the rows that were scored and what was predicted for them.':
    'Métricas gerais e por fatia, curvas, as linhas medidas e o que foi previsto para elas.',
  'A registered version, such as flight-delay@champion, in place of the input "model".':
    'Uma versão registrada, como flight-delay@champion, em lugar da entrada "model".',
  'Columns by whose values the rows are also scored apart.':
    'Colunas por cujos valores as linhas também são medidas em separado.',
  'Whether to measure how much the score falls when the values of one input are shuffled.':
    'Se deve medir o quanto o resultado cai quando os valores de uma entrada são embaralhados.',
  'Whether to score the rows of the training part too, a sample of them where there are many.':
    'Se deve medir também as linhas da parte de treino, uma amostra delas quando são muitas.',
  // model/gate
  'Blesses or rejects a model: good enough, better than champion, baseline and rule, as good in every slice, able to serve.':
    'Aprova ou rejeita um modelo: bom o bastante, melhor que champion, referência e regra, igualmente bom em cada fatia, pronto para servir.',
  'The evaluation of the candidate.': 'A avaliação do candidato.',
  'The candidate itself, for the options "newest" and "deployment".':
    'O próprio candidato, para as opções "newest" e "deployment".',
  'verdict.json: blessed or not, every check, and why.':
    'verdict.json: aprovado ou não, cada verificação e seu porquê.',
  'Limits by metric: the least auc, accuracy, f1, macroF1 or r2, the most logLoss, brier, rmse or mae.':
    'Limites por métrica: o mínimo de auc, accuracy, f1, macroF1 ou r2, o máximo de logLoss, brier, rmse ou mae.',
  'The version to beat, such as flight-delay@champion. It is scored again on the very rows of the evaluation.':
    'A versão a superar, como flight-delay@champion. Ela é medida de novo nas mesmas linhas da avaliação.',
  'What any model must beat: dummy, the best constant answer (the shares of the classes; the mean, or the median for mae), or a registered version.':
    'O que qualquer modelo deve superar: dummy, a melhor resposta constante (as parcelas das classes; a média, ou a mediana para mae), ou uma versão registrada.',
  'What the business would do without a model: SQL over the columns of one row that gives a class, a probability, a score or a value, e.g. "distance > 1000".':
    'O que se faria sem um modelo: SQL sobre as colunas de uma linha que dá uma classe, uma probabilidade, um escore ou um valor, por exemplo "distance > 1000".',
  'What to compare by. Default: auc (binary), accuracy (multiclass), rmse (regression).':
    'Por que métrica comparar. Padrão: auc (binária), accuracy (multiclasse), rmse (regressão).',
  'By how much the candidate must be better than `against`; negative allows a loss.':
    'Em quanto o candidato deve ser melhor que `against`; negativo admite uma perda.',
  'Whether the improvement itself must reach what is asked for, or the lower end of its interval.':
    'Se a própria melhora deve alcançar o que se pede, ou o extremo inferior de seu intervalo.',
  'Of the intervals.': 'Dos intervalos.',
  'How often the rows are drawn anew for an interval.':
    'Quantas vezes as linhas são sorteadas de novo para um intervalo.',
  'Compares with `against` also on the newest labelled rows of a dataset: those newer than the rows of the evaluation, and these as far as they lie in the span. Needs the input "model".':
    'Compara com `against` também nas linhas rotuladas mais novas de um conjunto de dados: as mais novas que as da avaliação, e estas até onde ficam no período. Precisa da entrada "model".',
  'A dataset of the project with a `time` column.': 'Um conjunto de dados do projeto com uma coluna `time`.',
  'How far back from its newest row, e.g. 14d.': 'Quanto tempo para trás de sua linha mais nova, por exemplo 14d.',
  'That the model is as good everywhere: one rule, or a list of them.':
    'Que o modelo é igualmente bom em toda parte: uma regra, ou uma lista delas.',
  'A column of the rows, or two to cross: [origin, late_before].':
    'Uma coluna das linhas, ou duas a cruzar: [origin, late_before].',
  'The most that the metric may be worse in any slice than that of the version to beat.':
    'O máximo que a métrica pode ser pior em alguma fatia do que a da versão a superar.',
  'The least that the metric may be in any slice; the most, for a metric where less is better.':
    'O mínimo que a métrica pode ter em qualquer fatia; o máximo, se nela menos é melhor.',
  'The most that the metric may vary over the slices, as a standard deviation.':
    'O máximo que a métrica pode variar entre as fatias, como desvio padrão.',
  'Smaller slices are not judged.': 'Fatias menores não são julgadas.',
  'interval: few rows excuse a slice as far as chance explains its figure; point: every figure counts as it stands.':
    'interval: poucas linhas desculpam uma fatia até onde o acaso explica seu valor; point: cada valor conta como está.',
  'That the model loads and answers in the inference server as it should. Needs the input "model".':
    'Que o modelo carrega e responde no servidor de inferência como deve. Precisa da entrada "model".',
  'Where it will be deployed: what answers there now says which inputs callers send today.':
    'Onde será implantado: o que responde ali agora diz quais entradas se enviam hoje.',
  'Whether the version may ask callers for other inputs than what answers at the endpoint today.':
    'Se a versão pode pedir a quem chama outras entradas que as do que responde hoje no endpoint.',
  'Whether to load the model into the inference server only, or also to ask it for predictions.':
    'Se deve só carregar o modelo no servidor de inferência, ou também lhe pedir previsões.',
  'How many rows of the evaluation to ask for, one a request; the answers must be those of the evaluation.':
    'Quantas linhas da avaliação pedir, uma por requisição; as respostas devem ser as da avaliação.',
  'How far a served answer may be from the recorded one.':
    'O quanto uma resposta servida pode se afastar da registrada.',
  'The most time that 95 of 100 requests of one row may take, e.g. 0.05s.':
    'O tempo máximo que 95 de 100 requisições de uma linha podem levar, por exemplo 0.05s.',
  'The most memory that the loaded model may take in the inference server.':
    'A memória máxima que o modelo carregado pode ocupar no servidor de inferência.',
  'How long one try may take, loading and requests together.':
    'Quanto pode durar uma tentativa, com carregamento e requisições.',
  'How often to try before the check fails.': 'Quantas vezes tentar antes de a verificação falhar.',
  'What becomes of a version that passes: it is promoted, a person is asked, or what answers is kept.':
    'O que acontece com uma versão que passa: é promovida, uma pessoa é consultada, ou fica o que responde.',
  'What becomes of a version that does not pass: what answers is kept, or a person is asked.':
    'O que acontece com uma versão que não passa: fica o que responde, ou uma pessoa é consultada.',
  // model/register
  'Adds the model to the registry as a version, whatever the verdict, and moves an alias to it or asks a person.':
    'Acrescenta o modelo ao registro como uma versão, qualquer que seja o veredito, e move um alias para ela ou consulta uma pessoa.',
  'The model to register.': 'O modelo a registrar.',
  'Decides whether the version is promoted. Without a gate in the pipeline every version is.':
    'Decide se a versão é promovida. Sem uma validação no pipeline, toda versão é.',
  'Where the metrics of the version come from when there is no verdict; else from training.':
    'De onde vêm as métricas da versão quando não há veredito; senão, do treino.',
  'version.json: the registered version.': 'version.json: a versão registrada.',
  'Name of the model in the registry, unique in the home.': 'Nome do modelo no registro, único na pasta inicial.',
  'What the model is for.': 'Para que serve o modelo.',
  'The alias that moves to a blessed version; false registers without promoting.':
    'O alias que passa a uma versão aprovada; false registra sem promover.',
  'The alias that moves to a version that was not blessed; false: none.':
    'O alias que passa a uma versão que não foi aprovada; false: nenhum.',
  // model/deploy
  'Makes a promoted version answer at an endpoint, without a failed request; skips a version that was not.':
    'Faz uma versão promovida responder em um endpoint, sem nenhuma requisição falhar; pula uma versão que não foi promovida.',
  'The version to deploy.': 'A versão a implantar.',
  'deployment.json: what answers where.': 'deployment.json: o que responde onde.',
  'Name of the endpoint, unique in the home. Default: the name of the model.':
    'Nome do endpoint, único na pasta inicial. Padrão: o nome do modelo.',
  'Bring the version beside the one that answers, step by step. Default: in its place, at once.':
    'Traz a versão ao lado da que responde, passo a passo. Padrão: no lugar dela, de uma vez.',
  'Leave the champion where it is when the new version is taken back. Default: it goes back to the version that answers.':
    'Deixa o champion onde está quando a nova versão é retirada. Padrão: ele volta à versão que responde.',
  'Rising shares of the traffic, each held and checked; then all of it.':
    'Parcelas crescentes do tráfego, cada uma mantida e verificada; depois, todo ele.',
  'The shares of the traffic that the new version gets, one after the other.':
    'As parcelas do tráfego que a nova versão recebe, uma após a outra.',
  'How long each step lasts at the least.': 'Quanto cada passo dura, no mínimo.',
  'How many requests the new version must have got in a step before the next one: a quiet hour decides nothing.':
    'Quantas requisições a nova versão deve ter recebido em um passo antes do seguinte: uma hora quieta não decide nada.',
  'What ends the rollout and brings all traffic back.': 'O que encerra a implantação e traz todo o tráfego de volta.',
  'Stop when the share of failed requests is certainly more than this above that of the stable version.':
    'Parar quando a parcela de requisições que falham passa com certeza mais do que isto da parcela da versão estável.',
  'Stop when the latency of the slowest hundredth is certainly more than this many times the stable one.':
    'Parar quando a latência do centésimo mais lento é com certeza mais do que tantas vezes a da versão estável.',
  'Stop when the latency of the slowest hundredth is certainly above so many milliseconds.':
    'Parar quando a latência do centésimo mais lento passa com certeza de tantos milissegundos.',
  'Stop when the predictions are certainly distributed otherwise than those of the stable version, and by more than this Jensen-Shannon divergence (0: alike, 1: nothing in common).':
    'Parar quando as previsões se distribuem com certeza de outro modo que as da versão estável, e por mais do que esta divergência de Jensen-Shannon (0: iguais, 1: nada em comum).',
  'Stop when a metric on rows whose truth has arrived is certainly worse. Needs feedback.':
    'Parar quando uma métrica nas linhas cuja verdade chegou é com certeza pior. Precisa de feedback.',
  'A metric of the task, computed as labels arrive.': 'Uma métrica da tarefa, calculada conforme os rótulos chegam.',
  'How much worse than the stable version it may be.': 'O quanto pode ser pior que a versão estável.',
  'Labelled rows of each version before a step may end.':
    'Linhas rotuladas de cada versão antes que um passo possa terminar.',
  'How certain "certainly" is, over all looks at one step together.':
    'Quão certo é "com certeza", em todas as consultas de um passo juntas.',
  'Requests with the same key get the same version.': 'Requisições com a mesma chave recebem a mesma versão.',
  'An input of the model, such as a customer number.': 'Uma entrada do modelo, como um número de cliente.',
  'A header that callers send with each request.': 'Um cabeçalho que se envia com cada requisição.',
  'Two versions side by side, each key always with the same one, compared by feedback.':
    'Duas versões lado a lado, cada chave sempre com a mesma, comparadas por feedback.',
  'The share of the keys that get the new version.': 'A parcela das chaves que recebem a nova versão.',
  'What is assigned. A request without it, or with several, is answered by the stable version.':
    'O que é atribuído. Uma requisição sem ela, ou com várias, é respondida pela versão estável.',
  'What decides, computed on the rows whose truth has arrived.':
    'O que decide, calculado nas linhas cuja verdade chegou.',
  'Labelled rows of each version before the test may decide.':
    'Linhas rotuladas de cada versão antes que o teste possa decidir.',
  'How long the test lasts at the least.': 'Quanto o teste dura, no mínimo.',
  'Of the decision, over all looks together.': 'Da decisão, em todas as consultas juntas.',
  'person: the result is told and a person decides. test: the better version gets all traffic by itself.':
    'person: o resultado é informado e uma pessoa decide. test: a versão melhor recebe sozinha todo o tráfego.',
  'What ends the test early and brings all traffic back, whatever the metric says.':
    'O que encerra o teste mais cedo e traz todo o tráfego de volta, diga o que disser a métrica.',
  'The new version is asked the same after the answer has gone out; nobody gets what it says.':
    'À nova versão se pergunta o mesmo depois que a resposta saiu; ninguém recebe o que ela diz.',
  'The share of the requests that are mirrored.': 'A parcela das requisições que são espelhadas.',
  // model/predict
  'Predicts every row of a table into another (batch prediction).':
    'Prevê cada linha de uma tabela em outra (previsão em lote).',
  'The rows.': 'As linhas.',
  'data.parquet: the columns kept, "prediction", for classes "probability" and one column per class, and "problem", which says why a row could not be predicted.':
    'data.parquet: as colunas mantidas, "prediction", para classes "probability" e uma coluna por classe, e "problem", que diz por que uma linha não pôde ser prevista.',
  'report.json: how many rows, why some could not be predicted, and metrics.':
    'report.json: quantas linhas, por que algumas não puderam ser previstas, e métricas.',
  'The columns of the rows to keep beside the answers, such as keys. Default: all.':
    'As colunas das linhas a manter ao lado das respostas, como chaves. Padrão: todas.',
  'Whether to score the answers where the rows have the target.':
    'Se deve medir as respostas onde as linhas têm o alvo.',
  'The largest share of rows that may not be predictable; beyond it the step fails.':
    'A maior parcela de linhas que pode não ser previsível; acima dela a etapa falha.',
  // features/materialize, features/parity
  'Brings the newest values of a feature view into the online store, from which endpoints fill missing inputs.':
    'Traz os valores mais novos de uma visão de atributos para o armazenamento online, de onde os endpoints preenchem entradas ausentes.',
  'What was compared and written, as materialization.json.':
    'O que foi comparado e gravado, como materialization.json.',
  'The name of the feature view, as in features/<name>.yaml.':
    'O nome da visão de atributos, como em features/<name>.yaml.',
  'How far behind the newest event time late rows are still looked for, such as 3d. Default: without end; a bound makes it quicker where the data is long.':
    'Até quanto atrás do tempo de evento mais novo ainda se procuram linhas atrasadas, por exemplo 3d. Padrão: sem fim; um limite torna mais rápido quando os dados são longos.',
  'Leaves out what happened or became known after this time, such as 2001-03-01T00:00:00Z. Default: now.':
    'Deixa de fora o que aconteceu ou ficou conhecido depois deste tempo, por exemplo 2001-03-01T00:00:00Z. Padrão: agora.',
  'Takes every value as the data has it now, even where the store has a newer one.':
    'Toma cada valor como os dados o têm agora, mesmo onde o armazenamento tem um mais novo.',
  'Replays served features against the offline features of the same time and reports every difference.':
    'Refaz os atributos servidos com os atributos offline do mesmo tempo e relata cada diferença.',
  'Served features as .jsonl, unless "endpoint" is set.':
    'Atributos servidos como .jsonl, se "endpoint" não for definido.',
  'parity.json, and every difference in differences.jsonl.': 'parity.json, e cada diferença em differences.jsonl.',
  'Whose log of served features is replayed, unless the input is connected.':
    'De quem se refaz o log de atributos servidos, se a entrada não estiver conectada.',
  'Only what was served in this last span of time, such as 1d. Default: all.':
    'Só o que foi servido neste último período, por exemplo 1d. Padrão: tudo.',
  'By which share numbers may differ: sums of many numbers depend on the order of their parts.':
    'Em que parcela os números podem diferir: somas de muitos números dependem da ordem de suas partes.',
  'The share of values that may differ before the step fails; 1: it only reports.':
    'A parcela de valores que podem diferir antes de a etapa falhar; 1: só relata.',
}
