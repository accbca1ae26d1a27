import type { FieldProps } from '@rjsf/utils'
import { createContext, useContext } from 'react'
import { blank, field, isObject, kindsOf, withoutNull, type Json, type JsonObject } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { Actions } from './Actions'
import { Conditions } from './Conditions'
import { Sentence } from './Sentence'
import { startingWith } from './starting'
import { Trigger } from './Trigger'

/** The rule as it is now: the form library hands new data down one rendering late, which would move the caret. */
export const RuleContext = createContext<JsonObject>({})

/** A field with parts: which editor it gets follows from its schema alone. */
export function PartField({ name }: FieldProps) {
  const rule = useContext(RuleContext)
  return <Part name={name} value={rule[name] ?? null} />
}

function Part({ name, value }: { name: string; value: Json }) {
  const { root, catalogue, edit, focus } = useEditing()
  const say = useSay()
  const own = field(root, name)
  const open = withoutNull(own, root)
  const pointer = `/${name}`
  const kinds = kindsOf(own, root)
  if (open.type === 'array') return <Actions pointer={pointer} value={value} schema={open} />
  if (kinds.some((one) => one.schema['x-joiner'] !== undefined)) {
    return <Conditions pointer={pointer} value={value} schema={own} prefix="member." />
  }
  if (kinds.length > 0) return <Trigger pointer={pointer} value={value} schema={own} />
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
      <Icon name="plus" size={15} />{say('addExit')}
    </button>
  )
}
