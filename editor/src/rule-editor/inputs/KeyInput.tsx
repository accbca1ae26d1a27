import { useEffect, useRef, useState } from 'react'
import { isInUse, labelOf, type CatalogueEntry, type Json, type RuleCatalogue } from '../../core/schema'
import { entriesOf } from '../../core/sentence'
import { idOf, useEditing } from '../context'
import { useSay, type Say } from '../messages'
import { placeOf, useTypeAhead } from '../type-ahead'
import { useProblem } from './problem'
import { textOf } from './TextInput'

export interface Choice {
  readonly key: string
  readonly label: string
  readonly group?: string
}

interface KeyProps {
  pointer: string
  source: string
  value: Json | undefined
  title: string
  /** What narrows the look-up: the ladder of a level, the kind of what runs out. */
  among?: string
  /** Whether nothing may be chosen, too. */
  optional?: boolean
  /** Only keys that begin with one of these can stand here. */
  prefixes?: readonly string[]
  onChange?: (value: string) => void
}

const OTHER = '\u0000other'

/** A key that is looked up in the catalogue, by the names people know or by itself; one that isn't there can be typed. */
export function KeyInput({ pointer, source, value, title, among, optional = false, prefixes = [], onChange }: KeyProps) {
  const { edit, catalogue, language } = useEditing()
  const say = useSay()
  const problem = useProblem(pointer)
  const chosen = textOf(value)
  const choices = choicesOf(catalogue, source, language, say, among, [chosen])
    .filter((one) => prefixes.length === 0 || prefixes.some((prefix) => one.key.startsWith(prefix)))
  const known = choices.some((one) => one.key === chosen)
  const [typing, setTyping] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const select = useRef<HTMLSelectElement>(null)
  const wanted = useRef<'input' | 'select' | null>(null)
  const typed = useTypeAhead()
  const put = (made: string): void => (onChange === undefined ? edit(pointer, made) : onChange(made))
  useEffect(() => {
    // The key that stood there is selected, so that typing takes its place.
    if (wanted.current === 'input') {
      input.current?.focus()
      input.current?.select()
    }
    if (wanted.current === 'select') select.current?.focus()
    wanted.current = null
  }, [typing])

  if (typing || (chosen !== '' && !known && choices.length === 0)) {
    return (
      <span className="re-pair">
        <input ref={input} id={idOf(pointer)} className="re-input" type="text" aria-label={title} size={14} autoComplete="off"
          value={chosen} {...problem} onChange={(event) => put(event.target.value)} />
        <button type="button" className="re-tool" title={say('chooseFromList')} aria-label={say('chooseFromList')}
          onClick={() => {
            wanted.current = 'select'
            setTyping(false)
          }}>▾</button>
      </span>
    )
  }
  const groups = [...new Set(choices.map((one) => one.group ?? ''))]
  const options = (group: string) => choices.filter((one) => (one.group ?? '') === group)
    .map((one) => <option key={one.key} value={one.key}>{one.label}</option>)
  return (
    <select ref={select} id={idOf(pointer)} className="re-input" aria-label={title} value={chosen} {...problem}
      onKeyDown={(event) => {
        const text = typed(event)
        const found = text === '' ? undefined : choices[placeOf(text, choices.map((one) => [one.label, one.key]))]
        if (found === undefined) return
        event.preventDefault()
        if (found.key !== chosen) put(found.key)
      }}
      onChange={(event) => {
        if (event.target.value === OTHER) {
          wanted.current = 'input'
          setTyping(true)
        } else put(event.target.value)
      }}>
      {optional && chosen !== '' && <option value="">{say('nothingChosen')}</option>}
      {!known && <option value={chosen}>{chosen || say(optional ? 'nothingChosen' : 'choose')}</option>}
      {groups.map((group) => (group === '' ? options(group) : <optgroup key={group} label={group}>{options(group)}</optgroup>))}
      <option value={OTHER}>{say('other')}</option>
    </select>
  )
}

/**
 * What can be chosen where a key of `source` stands; `among` is what `amongOf` gives. A tag that was merged or retired is only there if it is
 * `chosen` already, and says so.
 */
export function choicesOf(
  catalogue: RuleCatalogue, source: string, language: string, say: Say, among?: string, chosen: readonly string[] = [],
): Choice[] {
  const named = (one: CatalogueEntry): Choice => {
    const label = labelOf(one.name, language) || one.key
    return { key: one.key, label: isInUse(one) ? label : `${label} (${say(one.retired === true ? 'retired' : 'merged')})` }
  }
  const groups: Record<string, string> = { event: say('ofEvent'), member: say('ofMember'), calendar: say('ofCalendar') }
  switch (source) {
    case 'events':
      return catalogue.events.map((one) => ({ key: one.name, label: labelOf(one.label, language) || one.name }))
    case 'facts':
      return catalogue.facts.map((one) => ({
        key: one.path, label: labelOf(one.label, language) || one.path, group: groups[one.path.split('.')[0] ?? ''] ?? '',
      }))
    case 'properties':
      return catalogue.facts.filter((one) => one.path.startsWith('event.')).map((one) => ({
        key: one.path.slice('event.'.length), label: labelOf(one.label, language) || one.path,
      }))
    case 'tiers':
      return (catalogue.ladders ?? [])
        .filter((ladder) => among === undefined || ladder.key === among)
        .flatMap((ladder) => ladder.tiers.map((tier) => (among === undefined ? { ...named(tier), group: named(ladder).label } : named(tier))))
    case 'expiring':
      return among === undefined ? [] : entriesOf(catalogue, among).map(named)
    default:
      return entriesOf(catalogue, source).filter((one) => isInUse(one) || chosen.includes(one.key)).map(named)
  }
}
