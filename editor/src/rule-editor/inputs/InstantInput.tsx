import { clockText, fromLocal, toLocal } from '../../core/instant'
import type { Json } from '../../core/schema'
import { idOf, useEditing } from '../context'
import { useProblem } from './problem'
import { TextInput, textOf } from './TextInput'

interface InstantProps {
  pointer: string
  value: Json | undefined
  title: string
}

/** Seconds are asked for only where there are some. */
export function stepOf(local: string): number | undefined {
  return local === '' || local.endsWith(':00') ? undefined : 1
}

/** A date and time on the programme's clock. What isn't an instant is shown as it is, to be put right. */
export function InstantInput({ pointer, value, title }: InstantProps) {
  const { edit, zone, language } = useEditing()
  const problem = useProblem(pointer)
  const text = textOf(value)
  const local = text === '' ? '' : toLocal(text, zone)
  if (local === null) return <TextInput pointer={pointer} value={value} title={title} size={22} />
  return (
    <input id={idOf(pointer)} className="re-input" type="datetime-local" step={stepOf(local)} aria-label={title} title={`${clockText(local, language)} · ${zone}`}
      value={local} {...problem} onChange={(event) => edit(pointer, fromLocal(event.target.value, zone) ?? '')} />
  )
}
