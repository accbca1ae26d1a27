import { useZone } from '../app/zone'
import { localeOf } from '../core/amounts'
import { momentText } from '../core/instant'
import { useLanguage } from '../core/language'
import { useMessages } from '../messages'

/** An instant on the clock of the page's zone. The exact instant is in the title. */
export function Time({ at }: { at: string | null | undefined }) {
  const { language } = useLanguage()
  const zone = useZone()
  if (!at) return <span className="quiet">–</span>
  return <time dateTime={at} title={`${at}${zone ? ` · ${zone}` : ''}`}>{momentText(at, language, zone)}</time>
}

/** From an instant to another; where there is no room for both, they stand one below the other. */
export function Period({ from, until }: { from: string | null | undefined; until: string | null | undefined }) {
  return <span className="period"><span><Time at={from} /> –</span><Time at={until} /></span>
}

/** Says on whose clock the times of a list are. */
export function ZoneNote() {
  const messages = useMessages()
  const zone = useZone()
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return <p className="page-note">{zone ? messages.programmeZoneNote(zone) : messages.browserZoneNote(own)}</p>
}

export function useNumber(): (value: number) => string {
  const { language } = useLanguage()
  return (value) => new Intl.NumberFormat(localeOf(language)).format(value)
}
