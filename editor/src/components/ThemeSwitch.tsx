import { setTheme, useTheme } from '../core/theme'
import { useMessages } from '../messages'

/** A moon by day, a sun by night: where the press leads. */
export function ThemeSwitch() {
  const theme = useTheme()
  const { theme: words } = useMessages()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <button type="button" className="icon-button" title={words[other]} aria-label={words[other]} onClick={() => setTheme(other)}>
      <svg viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        {other === 'dark'
          ? <path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z" />
          : <path d="M10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2ZM10 1.8v1.6M10 16.6v1.6M1.8 10h1.6M16.6 10h1.6M4.2 4.2l1.1 1.1M14.7 14.7l1.1 1.1M4.2 15.8l1.1-1.1M14.7 5.3l1.1-1.1" />}
      </svg>
    </button>
  )
}
