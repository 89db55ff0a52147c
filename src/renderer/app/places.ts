import {
  BellIcon,
  DataIcon,
  EndpointIcon,
  FeatureIcon,
  LineageIcon,
  ModelIcon,
  OverviewIcon,
  PipelineIcon,
  RunIcon,
  SettingsIcon,
  TriggerIcon,
} from '../components/icons.tsx'

/** The pages of the rail, in order. `letter` follows "g" on the keyboard. */
export const places = [
  { key: 'overview', href: '/', icon: OverviewIcon, letter: 'o' },
  { key: 'pipelines', href: '/pipelines', icon: PipelineIcon, letter: 'p' },
  { key: 'runs', href: '/runs', icon: RunIcon, letter: 'r' },
  { key: 'triggers', href: '/triggers', icon: TriggerIcon, letter: 't' },
  { key: 'data', href: '/data', icon: DataIcon, letter: 'd' },
  { key: 'features', href: '/features', icon: FeatureIcon, letter: 'f' },
  { key: 'models', href: '/models', icon: ModelIcon, letter: 'm' },
  { key: 'lineage', href: '/lineage', icon: LineageIcon, letter: 'l' },
  { key: 'endpoints', href: '/endpoints', icon: EndpointIcon, letter: 'e' },
  { key: 'alerts', href: '/alerts', icon: BellIcon, letter: 'a' },
  { key: 'settings', href: '/settings', icon: SettingsIcon, letter: 's' },
] as const
