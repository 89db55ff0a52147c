import type { Translation } from '../translation.ts'

export const en = {
  projects: {
    title: 'Projects',
    openSample: 'Open the sample',
    openFolder: 'Open a folder',
    fromFile: 'From a data file',
    pickFolderTitle: 'Choose a project folder',
    path: 'Path of the folder',
    pathHint: 'Absolute path of a folder that holds an esteira.yaml.',
    browse: 'Browse…',
    trust: 'Trust this folder to run code',
    trustHint: 'Needed only where the pipelines use scripts or components of the project itself.',
    add: 'Add project',
    pipelineCount_one: '{{count}} pipeline',
    pipelineCount_other: '{{count}} pipelines',
    datasetCount_one: '{{count}} dataset',
    datasetCount_other: '{{count}} datasets',
  },
} as const

export const ptBR: Translation<typeof en> = {
  projects: {
    title: 'Projetos',
    openSample: 'Abrir o exemplo',
    openFolder: 'Abrir uma pasta',
    fromFile: 'De um arquivo de dados',
    pickFolderTitle: 'Escolha a pasta de um projeto',
    path: 'Caminho da pasta',
    pathHint: 'Caminho absoluto de uma pasta que contém um esteira.yaml.',
    browse: 'Procurar…',
    trust: 'Confiar nesta pasta para executar código',
    trustHint: 'Necessário apenas quando os pipelines usam scripts ou componentes do próprio projeto.',
    add: 'Adicionar projeto',
    pipelineCount_one: '{{count}} pipeline',
    pipelineCount_many: '{{count}} de pipelines',
    pipelineCount_other: '{{count}} pipelines',
    datasetCount_one: '{{count}} conjunto de dados',
    datasetCount_many: '{{count}} de conjuntos de dados',
    datasetCount_other: '{{count}} conjuntos de dados',
  },
}
