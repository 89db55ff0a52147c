/**
 * The z below which a standard normal value lies with the given probability, to nine digits (Acklam's rational
 * approximation). 0 and 1 give the infinities.
 */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return Number.NEGATIVE_INFINITY
  if (probability >= 1) return Number.POSITIVE_INFINITY
  if (probability > 0.5) return -normalQuantile(1 - probability)
  if (probability < tailBelow) {
    const q = Math.sqrt(-2 * Math.log(probability))
    return polynomial(tailNumerator, q) / (polynomial(tailDenominator, q) * q + 1)
  }
  const q = probability - 0.5
  const r = q * q
  return (polynomial(numerator, r) * q) / (polynomial(denominator, r) * r + 1)
}

const tailBelow = 0.02425
const numerator = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
]
const denominator = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
]
const tailNumerator = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const tailDenominator = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416]

/** Horner's scheme, the highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}
