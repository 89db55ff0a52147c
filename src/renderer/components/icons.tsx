/** The icons of the app: 24 by 24, drawn in strokes of the current colour, hidden from screen readers. */
import type { ReactNode, SVGProps } from 'react'

interface IconProps extends SVGProps<SVGSVGElement> {
  size?: number
}

/** Gives each drawing its frame. Called once per icon, when the module loads. */
function icon(children: ReactNode) {
  return function Icon({ size = 16, ...rest }: IconProps) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={2}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        {...rest}
      >
        {children}
      </svg>
    )
  }
}

export const OverviewIcon = icon(
  <>
    <rect x="3" y="3" width="7" height="9" rx="1" />
    <rect x="14" y="3" width="7" height="5" rx="1" />
    <rect x="14" y="12" width="7" height="9" rx="1" />
    <rect x="3" y="16" width="7" height="5" rx="1" />
  </>,
)
export const PipelineIcon = icon(
  <>
    <rect x="3" y="3" width="6" height="6" rx="1.5" />
    <rect x="15" y="15" width="6" height="6" rx="1.5" />
    <path d="M6 9v5a4 4 0 0 0 4 4h5" />
  </>,
)
export const RunIcon = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="m10 8.5 5 3.5-5 3.5z" />
  </>,
)
export const ModelIcon = icon(
  <>
    <path d="m12 3 8 4.5v9L12 21l-8-4.5v-9z" />
    <path d="m4 7.5 8 4.5 8-4.5M12 12v9" />
  </>,
)
/** Columns that join into one row: features looked up for it. */
export const FeatureIcon = icon(
  <>
    <path d="M4 5h5M4 12h5M4 19h5" />
    <path d="M9 5c4 0 3 7 7 7M9 19c4 0 3-7 7-7M9 12h7" />
    <circle cx="18.5" cy="12" r="2.5" />
  </>,
)
export const LineageIcon = icon(
  <>
    <circle cx="5" cy="6" r="2.5" />
    <circle cx="5" cy="18" r="2.5" />
    <circle cx="19" cy="12" r="2.5" />
    <path d="M7.500 6h3a4 4 0 0 1 4 4v0a2 2 0 0 0 2 2M7.500 18h3a4 4 0 0 0 4-4v0a2 2 0 0 1 2-2" />
  </>,
)
export const EndpointIcon = icon(
  <>
    <rect x="3" y="4" width="18" height="7" rx="1.5" />
    <rect x="3" y="14" width="18" height="6" rx="1.5" />
    <path d="M7 7.5h.01M7 17h.01" />
  </>,
)
export const FolderIcon = icon(
  <path d="M3 6a1.5 1.5 0 0 1 1.5-1.5h4.2l2.3 2.5h8.500A1.5 1.5 0 0 1 21 8.500v9a1.5 1.5 0 0 1-1.5 1.500h-15A1.5 1.5 0 0 1 3 17.500z" />,
)
export const SampleIcon = icon(
  <>
    <path d="M10.5 13.5 3.5 11l17-7.5-6.5 17-3.5-7z" />
    <path d="m10.5 13.5 4-4" />
  </>,
)
export const DataIcon = icon(
  <>
    <ellipse cx="12" cy="6" rx="7.5" ry="3" />
    <path d="M4.5 6v12c0 1.600 3.400 3 7.5 3s7.500-1.400 7.500-3V6M4.5 12c0 1.600 3.400 3 7.5 3s7.500-1.400 7.500-3" />
  </>,
)
export const SearchIcon = icon(
  <>
    <circle cx="11" cy="11" r="6.500" />
    <path d="m16 16 4.500 4.500" />
  </>,
)
export const FileIcon = icon(<path d="M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500" />)
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.500L19 7.5" />)
export const CrossIcon = icon(<path d="M6.5 6.500l11 11m0-11-11 11" />)
export const SlashIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="m6 6 12 12" />
  </>,
)
export const WaitIcon = icon(<circle cx="12" cy="12" r="8.5" strokeDasharray="3 4" />)
export const QueueIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.500V12l3 2" />
  </>,
)
export const ProgressIcon = icon(<path d="M12 3.500a8.5 8.5 0 1 1-8.5 8.5" />)
export const SkipIcon = icon(
  <>
    <path d="m5 6 8 6-8 6z" />
    <path d="M18 6v12" />
  </>,
)
export const AlertIcon = icon(
  <>
    <path d="M12 4 2.8 19.500h18.400z" />
    <path d="M12 10v4.500m0 2.700v.01" />
  </>,
)
export const CacheIcon = icon(<path d="M13 3 5 13.500h6L10 21l8.5-11H12z" />)
export const PlayIcon = icon(<path d="m7.5 5 11 7-11 7z" />)
export const StopIcon = icon(<rect x="6.5" y="6.5" width="11" height="11" rx="1.5" />)
export const RetryIcon = icon(
  <>
    <path d="M4 12a8 8 0 1 1 2.5 5.8" />
    <path d="M4 19v-4.500h4.5" />
  </>,
)
export const SettingsIcon = icon(
  <>
    <path d="M4 7h9m4 0h3M4 17h3m4 0h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </>,
)
export const CopyIcon = icon(
  <>
    <rect x="8" y="8" width="12" height="12" rx="1.5" />
    <path d="M16 8V5.500A1.5 1.5 0 0 0 14.5 4h-9A1.5 1.5 0 0 0 4 5.500v9A1.5 1.5 0 0 0 5.5 16H8" />
  </>,
)
export const TagIcon = icon(
  <>
    <path d="M3.5 11.500V4.500a1 1 0 0 1 1-1h7l9 9-8 8z" />
    <path d="M8 8h.01" />
  </>,
)
export const KeyIcon = icon(
  <>
    <circle cx="8" cy="15" r="4.5" />
    <path d="m11.2 11.8 8.3-8.300M16 7l3 3" />
  </>,
)
export const ChevronIcon = icon(<path d="m9 6 6 6-6 6" />)
export const UndoIcon = icon(
  <>
    <path d="M8.5 5 4 9.500l4.5 4.500" />
    <path d="M4 9.500h9.5a6 5.500 0 0 1 0 11H9" />
  </>,
)
export const RedoIcon = icon(
  <>
    <path d="m15.5 5 4.500 4.500-4.500 4.500" />
    <path d="M20 9.500h-9.5a6 5.500 0 0 0 0 11H15" />
  </>,
)
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />)
export const TrashIcon = icon(
  <>
    <path d="M4.5 7h15M9.5 7V4.500h5V7" />
    <path d="m6.5 7 1 13h9l1-13" />
  </>,
)
export const BellIcon = icon(
  <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6.500 2 6.500H4S6 15 6 10M10 19.500a2.100 2.100 0 0 0 4 0" />,
)
export const TriggerIcon = icon(
  <>
    <circle cx="12" cy="13" r="7.5" />
    <path d="M12 9v4l2.500 2M9 2.500h6" />
  </>,
)
export const HistoryIcon = icon(
  <>
    <path d="M4 12a8 8 0 1 0 2.5-5.800" />
    <path d="M4 4.500V9h4.500M12 8v4.500l3 2" />
  </>,
)
export const CommitIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M2.5 12H8m8 0h5.500" />
  </>,
)
export const SideIcon = icon(
  <>
    <rect x="3" y="4.500" width="18" height="15" rx="1.5" />
    <path d="M14.500 4.500v15" />
  </>,
)

/** The mark of the app: parcels on a conveyor belt. */
export function EsteiraMark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect x="2" y="2" width="60" height="60" rx="14" fill="#0b4f52" />
      <rect x="13" y="20" width="15" height="15" rx="3" fill="#f2b14a" />
      <rect x="34" y="14" width="17" height="21" rx="3" fill="#8fd6d3" />
      <rect x="8" y="38" width="48" height="13" rx="6.5" fill="none" stroke="#e8f6f6" strokeWidth="3.5" />
      <circle cx="17" cy="44.5" r="2.5" fill="#e8f6f6" />
      <circle cx="32" cy="44.5" r="2.5" fill="#e8f6f6" />
      <circle cx="47" cy="44.5" r="2.5" fill="#e8f6f6" />
    </svg>
  )
}
