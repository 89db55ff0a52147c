import { createTheme, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e8f6f6',
  '#d3ebeb',
  '#a5d6d6',
  '#8fd6d3',
  '#6cc9c7',
  '#34a1a2',
  '#1c8a8c',
  '#0e787b',
  '#00656a',
  '#0b4f52',
]
const gray: MantineColorsTuple = [
  '#f5f6f7',
  '#eceff1',
  '#dce0e5',
  '#c3c9d1',
  '#a7aeb8',
  '#6c7682',
  '#59626e',
  '#434b55',
  '#2e353d',
  '#1c2127',
]
const dark: MantineColorsTuple = [
  '#e2e6ea',
  '#b9c1ca',
  '#9aa5b1',
  '#8792a0',
  '#414952',
  '#2b3137',
  '#22272c',
  '#1b1f23',
  '#14171a',
  '#101315',
]

/** Dense and calm: small controls, little colour, system fonts. Meaning has its colours in `tokens.css`. */
export const theme = createTheme({
  colors: { teal, gray, dark },
  primaryColor: 'teal',
  // White text has enough contrast on both.
  primaryShade: { light: 8, dark: 7 },
  black: '#1c2127',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, Cantarell, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    Switch: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { centered: true, radius: 'md' }, styles: { title: { fontSize: '16px', fontWeight: 600 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
})
