import { clockText, fromLocal, toLocal } from '../../core/instant'
import { labelOf } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { stepOf } from '../inputs/InstantInput'
import { useSay } from '../messages'
import type { Told } from './story'

interface EventProps {
  told: Told
  number: number
  onChange: (told: Told) => void
  onRemove: () => void
}

/** One event of the invented member: what, when, and its properties. */
export function StoryEvent({ told, number, onChange, onRemove }: EventProps) {
  const { catalogue, language } = useEditing()
  const say = useSay()
  const properties = catalogue.events.find((one) => one.name === told.event)?.properties ?? []
  const list = `properties-${told.id}`
  const known = catalogue.events.some((one) => one.name === told.event)
  const put = (at: number, pair: readonly [string, string] | null): void => onChange({
    ...told, properties: told.properties.flatMap((one, index) => (index !== at ? [one] : pair === null ? [] : [pair])),
  })
  return (
    <div className="re-event" role="group" aria-label={say('eventNumber', { number })}>
      <div className="re-event-line">
        <select className="re-input" aria-label={say('event')} value={told.type === 'identify' ? '' : told.event}
          onChange={(event) => onChange({ ...told, type: event.target.value === '' ? 'identify' : 'track', event: event.target.value })}>
          <option value="">{say('profile')}</option>
          {!known && told.event !== '' && <option value={told.event}>{told.event}</option>}
          {catalogue.events.map((one) => <option key={one.name} value={one.name}>{labelOf(one.label, language)}</option>)}
        </select>
        <MomentInput label={say('at')} value={told.timestamp} onChange={(timestamp) => onChange({ ...told, timestamp })} />
        <button type="button" className="re-tool" aria-label={say('removeEvent', { number })} title={say('remove')} onClick={onRemove}><Icon name="close" size={14} /></button>
      </div>
      {told.properties.map(([name, value], at) => (
        <div key={at} className="re-event-line re-property">
          <input className="re-input" type="text" aria-label={say('property')} list={list} size={10} value={name} autoComplete="off"
            onChange={(event) => put(at, [event.target.value, value])} />
          <input className="re-input" type="text" aria-label={`${say('value')}: ${name}`} size={10} value={value} autoComplete="off"
            onChange={(event) => put(at, [name, event.target.value])} />
          <button type="button" className="re-tool" aria-label={say('removeProperty', { name })} title={say('remove')} onClick={() => put(at, null)}><Icon name="close" size={13} /></button>
        </div>))}
      <datalist id={list}>{properties.map((one) => <option key={one.name} value={one.name}>{labelOf(one.label, language)}</option>)}</datalist>
      <button type="button" className="re-more" onClick={() => onChange({ ...told, properties: [...told.properties, ['', '']] })}>
        <Icon name="plus" size={13} />{say('addProperty')}
      </button>
    </div>
  )
}

export function MomentInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { zone, language } = useEditing()
  const local = value === '' ? '' : toLocal(value, zone)
  if (local === null) {
    return <input className="re-input" type="text" aria-label={label} value={value} size={22} onChange={(event) => onChange(event.target.value)} />
  }
  return <input className="re-input" type="datetime-local" step={stepOf(local)} aria-label={label} title={`${clockText(local, language)} · ${zone}`} value={local}
    onChange={(event) => onChange(fromLocal(event.target.value, zone) ?? '')} />
}
