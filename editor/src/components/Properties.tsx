import { useNames } from '../app/names'
import { useLanguage } from '../core/language'
import type { Entry } from '../core/types'
import { useMessages } from '../messages'
import { useValueText } from './TraceTree'

export interface Property {
  key: string
  label: string
  text: string
  /** The value as it was sent, where `text` is what people call it. */
  value?: string
}

/** What is told of an event, in words. What was due is in the label of a timer, and not said again. */
export function useProperties(entry: Entry): Property[] {
  const { timer, own } = useMessages()
  const said = useValueText()
  const names = useNames()
  const { pick } = useLanguage()
  const ofTimer = (key: string): string => timer[key as keyof typeof timer] ?? key
  // What the programme writes down by itself isn't in the catalogue, where an event of yours may have a property of the same name.
  const ofOurs = (key: string): string => own[key as keyof typeof own] ?? names.property(key)
  return Object.entries(entry.properties)
    .filter(([key]) => entry.kind !== 'timer' || key !== 'timer')
    .map(([key, value]) => {
      const label = entry.kind === 'timer' ? ofTimer(key) : entry.kind === 'track' ? names.property(key) : ofOurs(key)
      const name = pick(entry.names?.[key])
      return name === '' ? { key, label, text: said(value) } : { key, label, text: name, value: String(value) }
    })
}

/** Properties on one line, for a list; nested values are shown as JSON. */
export function Properties({ of }: { of: Entry }) {
  const properties = useProperties(of)
  if (properties.length === 0) return null
  return (
    <p className="properties">
      {properties.map(({ key, label, text, value }) => <span key={key} title={key}>{label} <b title={value}>{text}</b></span>)}
    </p>
  )
}
