/** Instants as people type them: a date and a time on the programme's clock, kept as RFC 3339 with its offset. */

import { localeOf } from './amounts'

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/

/** The clock's reading in a zone as if it were UTC, in milliseconds. */
function reading(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23',
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(instant)
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

export function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T.+(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(language: string, zone: string | undefined): Intl.DateTimeFormat {
  const kept = `${language} ${zone ?? ''}`
  let format = formats.get(kept)
  if (format === undefined) {
    const locale = localeOf(language)
    const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone: zone }
    try {
      format = new Intl.DateTimeFormat(locale, options)
    } catch {
      // A zone this browser has not heard of must not take the page down; its own zone is then shown.
      format = new Intl.DateTimeFormat(locale, { ...options, timeZone: undefined })
    }
    formats.set(kept, format)
  }
  return format
}

/** An instant as people read it, on a zone's clock; what isn't one is said as it is. */
export function momentText(text: string, language: string, zone: string | undefined): string {
  return isInstant(text) ? formatOf(language, zone).format(new Date(text)) : text
}

/** A day, or a day and time, as an input gives it: as people read it, on whatever clock it is meant; nothing while it is half typed. */
export function clockText(local: string, language: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(local)
  const instant = day || LOCAL.test(local) ? Date.parse(`${local}${day ? 'T00:00' : ''}Z`) : NaN
  if (Number.isNaN(instant)) return ''
  const options: Intl.DateTimeFormatOptions = day ? { dateStyle: 'full' } : { dateStyle: 'full', timeStyle: 'short' }
  return new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: 'UTC' }).format(instant)
}

/** RFC 3339 as the value of a `datetime-local` input, or null if it isn't an instant. */
export function toLocal(text: string, zone: string): string | null {
  if (!isInstant(text)) return null
  const instant = Date.parse(text)
  return new Date(reading(Math.floor(instant / 1000) * 1000, zone)).toISOString().slice(0, 19)
}

/** The value of a `datetime-local` input as RFC 3339 on the zone's clock; null while it is half typed. */
export function fromLocal(text: string, zone: string): string | null {
  const found = LOCAL.exec(text)
  if (found === null) return null
  const wanted = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`)
  if (Number.isNaN(wanted)) return null
  // An offset may change near the instant, so look once more from where the first guess lands.
  const guess = wanted - (reading(wanted, zone) - wanted)
  const offset = (reading(guess, zone) - guess) / 60_000
  const sign = offset < 0 ? '-' : '+'
  const two = (value: number): string => String(Math.trunc(Math.abs(value))).padStart(2, '0')
  return `${new Date(wanted).toISOString().slice(0, 19)}${sign}${two(offset / 60)}:${two(offset % 60)}`
}
