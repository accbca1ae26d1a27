import { fromLocal } from '../../core/instant'

const DAY = 86_400_000

/** The day that stands on a zone's clock, so many days from now, as `YYYY-MM-DD`. */
export function dayOf(zone: string, days: number, now = Date.now()): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
  return shifted(today, days)
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** The instant at which a day begins on a zone's clock, or the day so many days after it; nothing for no day. */
export function startOf(day: string, zone: string, days = 0): string | undefined {
  return day === '' ? undefined : fromLocal(`${shifted(day, days)}T00:00`, zone) ?? undefined
}

/** How many days a period has, its first and its last among them; 0 unless both are told. */
export function lengthOf(from: string, to: string): number {
  return from === '' || to === '' ? 0 : (Date.parse(to) - Date.parse(from)) / DAY + 1
}
