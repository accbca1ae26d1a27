import { useLanguage, type Language } from '../core/language'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(language: Language, zone: string | undefined): Intl.DateTimeFormat {
  const kept = `${language} ${zone ?? ''}`
  let format = formats.get(kept)
  if (format === undefined) {
    const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }
    try {
      format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', options)
    } catch {
      // A zone this browser has not heard of must not take the page down; its own zone is then shown.
      format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...options, timeZone: undefined })
    }
    formats.set(kept, format)
  }
  return format
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** An instant in a member's zone, or in the reader's where none is given. The exact instant is in the title. */
export function Time({ at, zone }: { at: string | null | undefined; zone?: string }) {
  const { language } = useLanguage()
  if (!at) return <span className="quiet">–</span>
  const instant = new Date(at)
  if (Number.isNaN(instant.getTime())) return <span>{at}</span>
  return <time dateTime={at} title={`${at}${zone ? ` · ${zone}` : ''}`}>{formatOf(language, zone).format(instant)}</time>
}

export function useNumber(): (value: number) => string {
  const { language } = useLanguage()
  return (value) => new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'zh-CN').format(value)
}
