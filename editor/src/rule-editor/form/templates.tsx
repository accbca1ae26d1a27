import type { BaseInputTemplateProps, FieldTemplateProps, ObjectFieldTemplateProps } from '@rjsf/utils'
import { useContext, useState, type ReactNode } from 'react'
import { field, labelOf, withoutNull } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useProblem } from '../inputs/problem'
import { useSay, type Message } from '../messages'
import { CARDS, isLongText } from './outline'
import { RuleContext } from './PartField'
import { Problems } from './Problems'

interface Look {
  icon: string
  title: Message
  hint: Message
}

const LOOKS: Record<(typeof CARDS)[number] | 'settings', Look> = {
  when: { icon: 'bolt', title: 'when', hint: 'whenHint' },
  if: { icon: 'filter', title: 'if', hint: 'ifHint' },
  then: { icon: 'play', title: 'then', hint: 'thenHint' },
  exit: { icon: 'exit', title: 'exit', hint: 'exitHint' },
  limits: { icon: 'shield', title: 'limits', hint: 'limitsHint' },
  settings: { icon: 'settings', title: 'settings', hint: 'settingsHint' },
}

function Card({ name, count, children }: { name: keyof typeof LOOKS; count?: number | undefined; children: ReactNode }) {
  const say = useSay()
  const look = LOOKS[name]
  return (
    <section className={`re-card re-card-${name}`} aria-labelledby={`card-${name}`} data-card={`/${name}`}>
      <span className="re-badge"><Icon name={look.icon} size={18} /></span>
      <div className="re-card-head">
        <h2 id={`card-${name}`}>{say(look.title)}</h2>
        <span className="re-hint">{say(look.hint)}</span>
        {count !== undefined && count > 0 && <span className="re-count">{count}</span>}
      </div>
      <div className="re-card-body">{children}</div>
    </section>
  )
}

/** The rule as cards, joined by a line from top to bottom. */
export function Cards({ properties, schema }: ObjectFieldTemplateProps) {
  const say = useSay()
  const actions = useContext(RuleContext)['then']
  const content = (name: string) => properties.find((one) => one.name === name)?.content
  const rank = (name: string): number => (isLongText(schema.properties?.[name]) ? 1 : 0)
  const others = properties.filter((one) => !CARDS.some((card) => card === one.name))
    .toSorted((one, other) => rank(one.name) - rank(other.name))
  return (
    <div className="re-cards">
      {CARDS.map((name) => (
        <Card key={name} name={name} count={name === 'then' && Array.isArray(actions) ? actions.length : undefined}>
          {content(name)}
          {name === 'if' && <p className="re-keys">{say('keys')}</p>}
        </Card>))}
      <Card name="settings"><div className="re-settings">{others.map((one) => <div key={one.name}>{one.content}</div>)}</div></Card>
    </div>
  )
}

/** A leaf with its label, hint and complaints; the parts of a rule bring their own. */
export function LabelledField({ id, label, schema, children, uiSchema }: FieldTemplateProps) {
  const { root, language } = useEditing()
  if (schema.type === 'object') return <>{children}</>
  const name = nameOf(id)
  const own = field(root, name)
  const title = labelOf(own['x-title'] ?? withoutNull(own, root)['x-title'], language) || label
  if (uiSchema?.['ui:field'] === 'part') {
    if (CARDS.some((card) => card === name)) return <>{children}</>
    return <div className="re-leaf" role="group" aria-label={title}><span className="re-label">{title}</span>{children}</div>
  }
  return (
    <div className="re-leaf">
      <label className="re-label" htmlFor={id}>{title}</label>
      {children}
      {own['x-hint'] !== undefined && <span className="re-hint">{labelOf(own['x-hint'], language)}</span>}
      <Problems pointer={`/${name}`} />
    </div>
  )
}

function nameOf(id: string): string {
  return id.replace(/^root_/, '')
}

export function LeafInput({ id, value, schema, options, onChange, onChangeOverride }: BaseInputTemplateProps) {
  const problem = useProblem(`/${nameOf(id)}`)
  const number = schema.type === 'integer' || schema.type === 'number'
  // What isn't said is the default; while somebody empties the input to type, it stays empty.
  const [emptied, setEmptied] = useState(false)
  const shown: unknown = value ?? (emptied ? '' : schema.default) ?? ''
  return (
    <input id={id} className="re-input" type="text" inputMode={number ? 'numeric' : 'text'} size={number ? 5 : 24} autoComplete="off"
      value={String(shown)} {...problem} onBlur={() => setEmptied(false)}
      onChange={onChangeOverride ?? ((event) => {
        setEmptied(event.target.value === '')
        onChange(event.target.value === '' ? options.emptyValue : event.target.value)
      })} />
  )
}
