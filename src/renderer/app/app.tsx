import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError } from '#shared/client.ts'
import { mayConnect, setConnection, useConnection } from '../lib/connection.ts'
import { retryNow, startLive } from '../lib/live.ts'
import { takeTokenFromAddress } from '../lib/token.ts'
import { useDesktop } from './desktop-sync.ts'
import { Shell } from './shell.tsx'
import { theme } from './theme.ts'
import { TokenPage } from './token-page.tsx'

const retries = 2

function createClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep the cache fresh, so nothing is asked again because time passed.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // The engine is on this machine: whether the network is up does not matter.
        networkMode: 'always',
        retry: (failures, error) => !(error instanceof ApiError) && failures < retries,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

export function App() {
  const [client] = useState(createClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Connected client={client} />
      </MantineProvider>
    </QueryClientProvider>
  )
}

/** The app once the page may speak with the engine, and the way to get there before. */
function Connected({ client }: { client: QueryClient }) {
  const state = useConnection((connection) => connection.state)
  const [allowed, setAllowed] = useState(mayConnect)
  useDesktop()
  useEffect(() => (allowed ? startLive(client) : undefined), [allowed, client])
  useEffect(() => {
    const onHashChange = () => {
      if (takeTokenFromAddress()) tokenChanged()
    }
    window.addEventListener('hashchange', onHashChange)
    return () => window.removeEventListener('hashchange', onHashChange)
  })

  function tokenChanged() {
    // The address was opened once more in a tab that is connected already: its stream goes on.
    if (state === 'connected') return
    setConnection('connecting')
    setAllowed(true)
    retryNow()
  }
  if (!allowed || state === 'unauthorized') return <TokenPage refused={allowed} onToken={tokenChanged} />
  return <Shell />
}
