import { z } from 'zod'
import { linear } from './linear.ts'
import { neuralNetwork } from './neural-network.ts'

/** Every trainer; adding one is a file and a line here and in the union below. */
export const trainers = { [linear.name]: linear, [neuralNetwork.name]: neuralNetwork }

/** The options of `model/train`: the name of a trainer and its own options beside it. */
export const trainerOptionsSchema = z.discriminatedUnion('trainer', [
  linear.options.extend({ trainer: z.literal('linear').describe(linear.summary) }),
  neuralNetwork.options.extend({ trainer: z.literal('neural-network').describe(neuralNetwork.summary) }),
])
export type TrainerOptions = z.output<typeof trainerOptionsSchema>
