/** Adam with decoupled weight decay ("AdamW", Loshchilov and Hutter 2019), in place on one array of all weights. */
export interface Adam {
  /** `decay` per weight group: the share of a weight lost per step at learning rate 1. */
  step(weights: Float32Array, gradient: Float32Array, learningRate: number): void
}

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-8

/** `decays[i]` is the decay of the `lengths[i]` weights of group i. */
export function createAdam(lengths: readonly number[], decays: readonly number[]): Adam {
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const mean = new Float32Array(total)
  const variance = new Float32Array(total)
  let power1 = 1
  let power2 = 1
  return {
    step(weights, gradient, learningRate) {
      power1 *= beta1
      power2 *= beta2
      const rate = learningRate / (1 - power1)
      const scale = 1 / (1 - power2)
      let index = 0
      lengths.forEach((length, group) => {
        const kept = 1 - learningRate * (decays[group] ?? 0)
        for (const end = index + length; index < end; index++) {
          const slope = gradient[index] ?? 0
          const m = beta1 * (mean[index] ?? 0) + (1 - beta1) * slope
          const v = beta2 * (variance[index] ?? 0) + (1 - beta2) * slope * slope
          mean[index] = m
          variance[index] = v
          weights[index] = (weights[index] ?? 0) * kept - (rate * m) / (Math.sqrt(v * scale) + epsilon)
        }
      })
    },
  }
}
