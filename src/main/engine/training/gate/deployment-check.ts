/** Question four: can the candidate serve? */
import type { DeploymentFigures, GateCheck } from '#shared/gate.ts'
import { count } from './wording.ts'

export interface DeploymentLimits {
  readonly tolerance: number
  readonly maxLatencyMs: number | null
  readonly maxMemoryBytes: number | null
  readonly newInputs: 'reject' | 'allow'
}

type Found = Omit<GateCheck, 'check' | 'kind'>
const bytesOfMb = 1024 * 1024

export function deploymentChecks(figures: DeploymentFigures, limits: DeploymentLimits): GateCheck[] {
  const found: [string, Found | undefined][] = [
    ['loads in the inference server', servedCheck(figures)],
    ['answers as evaluated', answersCheck(figures, limits)],
    ['latency', latencyCheck(figures, limits)],
    ['memory', memoryCheck(figures, limits)],
    ['inputs that callers send', inputsCheck(figures, limits)],
  ]
  return found.flatMap(([check, result]) => (result === undefined ? [] : { check, ...result, kind: 'deployment' }))
}

function servedCheck({ problem, tries, loadMs, requests, mode }: DeploymentFigures): Found {
  const after = tries === 1 ? '' : ` after ${tries} tries`
  if (problem !== null) {
    const reason = `the inference server cannot serve it${after}: ${problem.replace(/\.$/, '')}`
    return { passed: false, value: null, limit: null, reason, finding: { kind: 'not-served', tries, problem } }
  }
  const asked = mode === 'load' ? '' : ` and answers ${count(requests)} requests`
  const reason = `the inference server loads it in ${Math.round(loadMs ?? 0)} ms${asked}${after}`
  const finding = { kind: 'served' as const, requests: mode === 'load' ? 0 : requests, tries }
  return { passed: true, value: loadMs, limit: null, reason, finding }
}

function answersCheck(
  { maxDifference, requests }: DeploymentFigures,
  { tolerance }: DeploymentLimits,
): Found | undefined {
  if (maxDifference === null) return undefined
  const passed = maxDifference <= tolerance
  const reason = passed
    ? `${count(requests)} served answers are those of the evaluation`
    : `a served answer differs by ${maxDifference.toPrecision(2)} from that of the evaluation, more than ${tolerance}`
  return { passed, value: maxDifference, limit: tolerance, reason, finding: { kind: 'answers', requests } }
}

function latencyCheck({ latencyMs }: DeploymentFigures, { maxLatencyMs: limit }: DeploymentLimits): Found | undefined {
  if (latencyMs === null || limit === null) return undefined
  const passed = latencyMs.p95 <= limit
  const reason = `95 % of the answers come within ${latencyMs.p95.toFixed(1)} ms, ${passed ? 'within' : 'beyond'} the limit of ${limit} ms`
  return { passed, value: latencyMs.p95, limit, reason, finding: { kind: 'latency' } }
}

function memoryCheck(
  { memoryBytes }: DeploymentFigures,
  { maxMemoryBytes: limit }: DeploymentLimits,
): Found | undefined {
  if (memoryBytes === null || limit === null) return undefined
  const passed = memoryBytes <= limit
  const mb = (bytes: number) => `${(bytes / bytesOfMb).toFixed(1)} MB`
  const reason = `the loaded model takes ${mb(memoryBytes)}, ${passed ? 'within' : 'beyond'} the limit of ${mb(limit)}`
  return { passed, value: memoryBytes, limit, reason, finding: { kind: 'memory' } }
}

function inputsCheck(
  { endpoint, newInputs, removedInputs }: DeploymentFigures,
  limits: DeploymentLimits,
): Found | undefined {
  if (endpoint === null) return undefined
  const changes = [
    ...(newInputs.length > 0 ? [`must newly send ${newInputs.join(', ')}`] : []),
    ...(removedInputs.length > 0 ? [`must no longer send ${removedInputs.join(', ')}`] : []),
  ]
  const value = newInputs.length + removedInputs.length
  const at = `version ${endpoint.version}, which answers at ${endpoint.name}`
  const about = { endpoint: endpoint.name, version: endpoint.version, newInputs, removedInputs }
  const finding = { kind: 'inputs' as const, ...about }
  if (changes.length === 0) {
    return {
      passed: true,
      value,
      limit: 0,
      reason: `callers of ${endpoint.name} may send what they send today`,
      finding,
    }
  }
  const reason = `callers of ${endpoint.name} ${changes.join(' and ')}, unlike with ${at}`
  return { passed: limits.newInputs === 'allow', value, limit: 0, reason, finding }
}
