import type { FieldProps } from '@rjsf/utils'
import { createContext, lazy, Suspense, useContext } from 'react'
import { blank, field, isObject, isOptional, kindsOf, labelOf, withoutNull, type Json, type JsonObject } from '../../core/schema'
import { useEditing, useSound } from '../context'
import { Icon } from '../Icon'
import { ChoiceInput } from '../inputs/ChoiceInput'
import { KeyInput } from '../inputs/KeyInput'
import { useSay } from '../messages'
import { Actions } from './Actions'
import { AddMenu } from './AddMenu'
import { Conditions } from './Conditions'
import { Problems } from './Problems'
import { Sentence } from './Sentence'
import { startingWith } from './starting'
import { Trigger } from './Trigger'

const AudienceCount = lazy(() => import('../../pages/figures/AudienceCount'))

/** The rule as it is now: the form library hands new data down one rendering late, which would move the caret. */
export const RuleContext = createContext<JsonObject>({})

/** A field with parts: which editor it gets follows from its schema alone. */
export function PartField({ name }: FieldProps) {
  const rule = useContext(RuleContext)
  return <Part name={name} value={rule[name] ?? null} />
}

/** How many members a condition is true of, once it is sound and asks about members alone. */
function Audience({ pointer, condition }: { pointer: string; condition: Json }) {
  const sound = useSound(pointer)
  return sound && !asksOfEvent(condition) ? <Suspense><AudienceCount condition={condition} /></Suspense> : null
}

/** Whether a condition reads the event at hand; what a history asks of past events is something else. */
function asksOfEvent(condition: Json): boolean {
  if (!isObject(condition)) return false
  if (typeof condition.fact === 'string' && condition.fact.startsWith('event.')) return true
  return Array.isArray(condition.of) && condition.of.some(asksOfEvent)
}

function Part({ name, value }: { name: string; value: Json }) {
  const { root, catalogue, language, edit, focus } = useEditing()
  const say = useSay()
  const own = field(root, name)
  const open = withoutNull(own, root)
  const pointer = `/${name}`
  const kinds = kindsOf(own, root)
  if (open['x-source'] !== undefined) {
    return (
      <>
        <KeyInput pointer={pointer} source={open['x-source']} value={value} title={labelOf(open['x-title'], language)} optional />
        <Problems pointer={pointer} />
      </>
    )
  }
  if (open.type === 'array') return <Actions pointer={pointer} value={value} schema={open} />
  if (kinds.some((one) => one.schema['x-joiner'] !== undefined)) {
    return (
      <>
        <Conditions pointer={pointer} value={value} schema={own} prefix="member." />
        {value !== null && <Audience pointer={pointer} condition={value} />}
      </>
    )
  }
  if (open.enum !== undefined) {
    const title = labelOf(open['x-title'] ?? own['x-title'], language)
    return (
      <span className="re-sentence">
        <ChoiceInput pointer={pointer} schema={open} value={value ?? ''} title={title} />
        {value !== null && (
          <button type="button" className="re-tool" title={say('remove')} aria-label={`${say('remove')}: ${title}`} onClick={() => edit(pointer, undefined)}>
            <Icon name="close" size={15} />
          </button>)}
        <Problems pointer={pointer} />
      </span>
    )
  }
  if (kinds.length > 0 && value === null && isOptional(own)) {
    return <AddMenu label={say('addExit')} kinds={kinds} onAdd={(kind) => edit(pointer, { ...blank(kind.schema, root), ...startingWith(kind.schema, root, catalogue) })} />
  }
  if (kinds.length > 0) {
    return (
      <div className="re-lone" data-row={isOptional(own) ? pointer : undefined}>
        <div><Trigger pointer={pointer} value={value} schema={own} /></div>
        {isOptional(own) && (
          <button type="button" className="re-tool" title={say('remove')} aria-label={say('remove')} onClick={() => edit(pointer, undefined)}>
            <Icon name="close" size={15} />
          </button>)}
      </div>
    )
  }
  if (isObject(value)) {
    const emptied = (open.required ?? []).length > 0
    return (
      <div className="re-lone" data-row={emptied ? pointer : undefined}>
        <Sentence pointer={pointer} part={value} schema={open} />
        {emptied && (
          <button type="button" className="re-tool" title={say('remove')} aria-label={say('remove')} onClick={() => edit(pointer, undefined)}>
            <Icon name="close" size={15} />
          </button>)}
      </div>
    )
  }
  // Where everything may be left out, an empty part is as good as none: its fields can be added right away.
  if ((open.required ?? []).length === 0) return <Sentence pointer={pointer} part={{}} schema={open} />
  return (
    <button type="button" className="re-button re-soft" onClick={() => {
      edit(pointer, { ...blank(open, root), ...startingWith(open, root, catalogue) })
      focus(pointer)
    }}>
      <Icon name="plus" size={15} />{say(name === 'goal' ? 'addGoal' : 'addExit')}
    </button>
  )
}
