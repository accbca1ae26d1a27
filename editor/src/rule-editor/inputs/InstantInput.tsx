import { fromLocal, toLocal } from '../../core/instant'
import type { Json } from '../../core/schema'
import { idOf, useEditing } from '../context'
import { useProblem } from './problem'
import { TextInput, textOf } from './TextInput'

interface InstantProps {
  pointer: string
  value: Json | undefined
  title: string
}

/** A date and time on the programme's clock. What isn't an instant is shown as it is, to be put right. */
export function InstantInput({ pointer, value, title }: InstantProps) {
  const { edit, zone } = useEditing()
  const problem = useProblem(pointer)
  const text = textOf(value)
  const local = text === '' ? '' : toLocal(text, zone)
  if (local === null) return <TextInput pointer={pointer} value={value} title={title} size={22} />
  return (
    <input id={idOf(pointer)} className="re-input" type="datetime-local" step="1" aria-label={title} title={zone}
      value={local} {...problem} onChange={(event) => edit(pointer, fromLocal(event.target.value, zone) ?? '')} />
  )
}
