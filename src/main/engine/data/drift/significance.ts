/**
 * What chance alone reaches: tails and quantiles of the distributions that the measures have when nothing drifts. Pure.
 * Sources: W. H. Press et al., "Numerical Recipes" (2007), 6.2 (incomplete gamma) and 6.14 (Kolmogorov-Smirnov);
 * P. J. Acklam's rational approximation of the normal quantile (relative error below 1.2e-9).
 */

const tiny = 1e-300
const precision = 1e-14
const maxSteps = 10_000

/** The probability that a chi-square variable with so many degrees of freedom is above `x`. */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1
  const [a, half] = [degrees / 2, x / 2]
  return half < a + 1 ? 1 - gammaSeries(a, half) : gammaFraction(a, half)
}

/** The lower regularized incomplete gamma function by its series, for x below a + 1. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let total = term
  for (let step = 1; step < maxSteps && Math.abs(term) > Math.abs(total) * precision; step++) {
    term *= x / (a + step)
    total += term
  }
  return total * Math.exp(-x + a * Math.log(x) - logGamma(a))
}

/** The upper regularized incomplete gamma function by its continued fraction (Lentz), for x above a + 1. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let total = d
  for (let step = 1; step < maxSteps; step++) {
    const factor = -step * (step - a)
    b += 2
    d = 1 / (Math.abs(factor * d + b) < tiny ? tiny : factor * d + b)
    c = Math.abs(b + factor / c) < tiny ? tiny : b + factor / c
    total *= d * c
    if (Math.abs(d * c - 1) < precision) break
  }
  return Math.exp(-x + a * Math.log(x) - logGamma(a)) * total
}

/** Lanczos' approximation, g = 7. */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]
  const base = x - 1
  const series = coefficients.reduce((sum, value, index) => sum + value / (base + index + 1), 0.9999999999998099)
  const t = base + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (base + 0.5) * Math.log(t) - t + Math.log(series)
}

/** What a chi-square variable exceeds with the given probability. */
export function chiSquareLimit(probability: number, degrees: number): number {
  if (degrees <= 0) return 0
  // Wilson and Hilferty are near; bisection does the rest.
  const spread = 2 / (9 * degrees)
  const guess = degrees * Math.max(0, 1 - spread + normalLimit(probability) * Math.sqrt(spread)) ** 3
  let [low, high] = [0, Math.max(1, 4 * guess)]
  while (chiSquareTail(high, degrees) > probability) high *= 2
  for (let step = 0; step < 100 && high - low > 1e-10 * high; step++) {
    const middle = (low + high) / 2
    if (chiSquareTail(middle, degrees) > probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** What a standard normal variable exceeds with the given probability, which is above 0 and below 1. */
export function normalLimit(probability: number): number {
  if (probability > 0.5) return -normalLimit(1 - probability)
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability))
    return (
      -polynomial(
        [
          -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
          2.938163982698783,
        ],
        q,
      ) / polynomial([7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1], q)
    )
  }
  const q = 0.5 - probability
  const r = q * q
  return (
    (q *
      polynomial(
        [
          -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
          2.506628277459239,
        ],
        r,
      )) /
    polynomial([-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1], r)
  )
}

/** The first coefficient belongs to the highest power. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0)
}

/** The probability that Kolmogorov's distribution is above `x`, e.g. 0.05 for 1.358. */
export function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1
  let total = 0
  for (let term = 1; term <= 100; term++) {
    const value = 2 * (term % 2 === 1 ? 1 : -1) * Math.exp(-2 * term * term * x * x)
    total += value
    if (Math.abs(value) < 1e-16) break
  }
  return Math.min(Math.max(total, 0), 1)
}
