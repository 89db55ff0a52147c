import { useMutation, useQuery } from '@tanstack/react-query'
import type { ModelVersionDetails } from '#shared/models.ts'
import type { Json } from '#shared/runs.ts'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import type { Row } from './form.ts'
import { type PastSpan, spanMs } from './traffic.ts'

/** Events keep it up to date from then on. */
export const useTraffic = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.traffic(endpoint),
    queryFn: () => call('getTraffic', { params: { name: endpoint } }),
  })

/** Asked anew every minute: that long counts take to be finished. */
export const useTrafficHistory = (endpoint: string, span: PastSpan) =>
  useQuery({
    queryKey: queryKeys.trafficHistory(endpoint, span),
    queryFn: () =>
      call('getTrafficHistory', { params: { name: endpoint }, query: { from: Date.now() - spanMs[span] } }),
    refetchInterval: 60_000,
  })

/** The inputs that are filled from the online store. */
export const useEndpointFeatures = (endpoint: string, revision: number) =>
  useQuery({
    queryKey: queryKeys.endpointFeatures(endpoint, revision),
    queryFn: () => call('listEndpointFeatures', { params: { name: endpoint } }),
  })

export const usePredict = (endpoint: string) =>
  useMutation({ mutationFn: (row: Row) => call('predict', { params: { name: endpoint }, body: { rows: [row] } }) })

export const useExplain = (endpoint: string) =>
  useMutation({ mutationFn: (row: Row) => call('explain', { params: { name: endpoint }, body: { rows: [row] } }) })

export const useAccess = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.endpointAccess(endpoint),
    queryFn: () => call('getEndpointAccess', { params: { name: endpoint } }),
  })
const accessOf = (endpoint: string) => [queryKeys.endpointAccess(endpoint), queryKeys.outside]
export const useChangeAccess = (endpoint: string) => useChange('putEndpointAccess', accessOf(endpoint))
export const useAddKey = (endpoint: string) => useChange('addEndpointKey', accessOf(endpoint))
export const useRevokeKey = (endpoint: string) => useChange('revokeEndpointKey', accessOf(endpoint))

const deployed = (endpoint: string) => [
  queryKeys.endpoints,
  queryKeys.revisions(endpoint),
  queryKeys.infrastructureChecks(endpoint),
]
export const useDeploy = (endpoint: string) => useChange('deploy', deployed(endpoint))
export const useRollBack = (endpoint: string) => useChange('rollBack', deployed(endpoint))

/** One of the rows that the version was tested on, chosen by chance; undefined where none are kept. */
export const useTestRow = () =>
  useMutation({
    mutationFn: async ({ evaluation }: ModelVersionDetails): Promise<Record<string, Json> | undefined> => {
      if (evaluation === null) return undefined
      const offset = Math.floor(Math.random() * evaluation.content.rows)
      const page = await call('readArtifactTable', {
        params: { hash: evaluation.artifactHash, file: 'test.parquet' },
        query: { offset, limit: 1 },
      })
      const [row] = page.rows
      return row && Object.fromEntries(page.columns.map(({ name }, index) => [name, row[index] ?? null]))
    },
  })
