import type { JsonObject } from '../core/types'
import { useNames } from '../app/names'
import { useValueText } from './TraceTree'

/** Properties on one line, for a list; nested values are shown as JSON. */
export function Properties({ of }: { of: JsonObject }) {
  const said = useValueText()
  const names = useNames()
  const entries = Object.entries(of)
  if (entries.length === 0) return null
  return (
    <p className="properties">
      {entries.map(([name, value]) => <span key={name} title={name}>{names.property(name)} <b>{said(value)}</b></span>)}
    </p>
  )
}
