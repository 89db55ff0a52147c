import { z } from 'zod'
import { onnxHintSchema } from '#shared/models.ts'
import { esteiraVersion } from '../kernel/version.ts'
import { defineComponent } from '../pipelines/component.ts'
import { importOnnx } from '../training/onnx/import.ts'
import { sourceFile, sourceFiles, uploadOption } from './source-file.ts'

/** Takes in a model that was trained elsewhere: by scikit-learn, LightGBM, XGBoost, PyTorch or what else writes ONNX. */
export const importModel = defineComponent({
  name: 'model/import',
  version: '1',
  summary: 'Makes a model of an ONNX file, tried on a row.',
  inputs: {},
  outputs: {
    model: { type: 'model', summary: 'The model: manifest, ONNX file and how its inputs and outputs are read.' },
  },
  options: z.strictObject({
    file: z.string().min(1).optional().describe('The ONNX file, relative to the project folder.'),
    upload: uploadOption,
    signature: onnxHintSchema.optional().describe('What the file does not say of the model.'),
  }),
  // The cache cannot tell whether an upload is still the same.
  cacheable: ({ upload }) => upload === undefined,
  sources: sourceFiles,
  async run(context) {
    const { options, seed } = context
    const output = context.output('model')
    const source = await sourceFile(context)
    const environment = {
      ...{ esteira: esteiraVersion, node: process.version },
      ...{ platform: `${process.platform}-${process.arch}`, seed },
    }
    const hint = options.signature ?? onnxHintSchema.parse({})
    const { signature, trainer } = await importOnnx({ source, hint, environment }, (name) => output.path(name))
    const inputs = signature.inputs.map(({ name, type }) => `${name} (${type})`).join(', ')
    context.log(`A ${signature.task} model by ${trainer}. Inputs: ${inputs}.`)
    context.value('task', signature.task)
  },
})
