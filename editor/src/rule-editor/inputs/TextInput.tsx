import { useState } from 'react'
import type { Json } from '../../core/schema'
import { idOf, useEditing } from '../context'
import { useProblem } from './problem'

interface TextProps {
  pointer: string
  value: Json | undefined
  title: string
  placeholder?: string
  size?: number
  /** Whether emptying it takes the field away. */
  mayGo?: boolean
}

export function TextInput({ pointer, value, title, placeholder, size = 12, mayGo = false }: TextProps) {
  const { edit } = useEditing()
  const problem = useProblem(pointer)
  return (
    <input id={idOf(pointer)} className="re-input" type="text" aria-label={title} placeholder={placeholder} size={size}
      autoComplete="off" value={textOf(value)} {...problem} onChange={(event) => edit(pointer, event.target.value === '' && mayGo ? undefined : event.target.value)} />
  )
}

/** A text of several lines. */
export function LongInput({ pointer, value, title }: TextProps) {
  const { edit } = useEditing()
  const problem = useProblem(pointer)
  return (
    <textarea id={idOf(pointer)} className="textarea" aria-label={title} value={textOf(value)} {...problem} onChange={(event) => edit(pointer, event.target.value)} />
  )
}

/** A whole number. What is not one stays as it was typed, so that a slip is seen and not lost. */
export function WholeNumberInput({ pointer, value, title, placeholder, size = 5 }: TextProps) {
  const { edit } = useEditing()
  const problem = useProblem(pointer)
  return (
    <input id={idOf(pointer)} className="re-input re-number" type="text" inputMode="numeric" aria-label={title} size={size}
      placeholder={placeholder} autoComplete="off" value={textOf(value)} {...problem}
      onChange={(event) => edit(pointer, wholeNumber(event.target.value))} />
  )
}

export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function wholeNumber(text: string): Json {
  const whole = Number(text.trim())
  return /^-?\d{1,15}$/.test(text.trim()) && Number.isSafeInteger(whole) ? whole : text
}

interface ListProps {
  pointer: string
  value: Json | undefined
  title: string
  placeholder: string
  read: (text: string) => Json
}

/** Several values with commas between them. What is being typed is kept, so that a comma can be typed at all. */
export function ListInput({ pointer, value, title, placeholder, read }: ListProps) {
  const { edit } = useEditing()
  const problem = useProblem(pointer)
  const said = Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value)
  const [typed, setTyped] = useState(said)
  const split = (text: string): Json[] => text.split(/[,，、]/).map((one) => one.trim()).filter((one) => one !== '').map(read)
  const shown = split(typed).map(textOf).join(', ') === said ? typed : said
  return (
    <input id={idOf(pointer)} className="re-input" type="text" aria-label={title} placeholder={placeholder} size={18}
      autoComplete="off" value={shown} {...problem}
      onChange={(event) => {
        setTyped(event.target.value)
        edit(pointer, split(event.target.value))
      }} />
  )
}
