import { createContext, useContext } from 'react'
import type { Json, RuleCatalogue, Schema } from '../core/schema'
import type { Diagnostic, Language } from '../core/types'

/** What every input needs to show and change its place. It stays the same while somebody types. */
export interface Editing {
  readonly root: Schema
  readonly catalogue: RuleCatalogue
  readonly zone: string
  readonly language: Language
  /** Put a value at a JSON pointer; undefined takes the field away. */
  readonly edit: (pointer: string, value: Json | undefined) => void
  /** Let the keyboard go to the first input at a pointer once it is there. */
  readonly focus: (pointer: string) => void
  /** Add a condition to the group (or to the lone condition, or to nothing) at a pointer. */
  readonly addCondition: (pointer: string, value: Json) => void
  readonly append: (pointer: string, value: Json) => void
  readonly act: (pointer: string, what: RowAct) => void
}

export type RowAct = 'up' | 'down' | 'in' | 'out' | 'duplicate' | 'copy' | 'paste' | 'remove' | 'ungroup'

const EditingContext = createContext<Editing | null>(null)
export const EditingProvider = EditingContext.Provider

export function useEditing(): Editing {
  const editing = useContext(EditingContext)
  if (editing === null) throw new Error('an input of a rule stands outside its editor')
  return editing
}

/** Apart from the rest, so that an answer of the server doesn't render every row again. */
const DiagnosticsContext = createContext<readonly Diagnostic[]>([])
export const DiagnosticsProvider = DiagnosticsContext.Provider

export function useDiagnostics(): readonly Diagnostic[] {
  return useContext(DiagnosticsContext)
}

/** Whether the diagnostics are those of the rule as it stands now. */
const CheckedContext = createContext(false)
export const CheckedProvider = CheckedContext.Provider

/** Whether the part at a pointer has been checked as it stands, and nothing in it is wrong. */
export function useSound(pointer: string): boolean {
  const checked = useContext(CheckedContext)
  const diagnostics = useDiagnostics()
  return checked && !diagnostics.some((one) => one.severity === 'error' && one.path.startsWith(pointer))
}

/** The path of a pointer that the editor made itself: no field's name is a number. */
export function steps(pointer: string): (string | number)[] {
  return pointer.split('/').slice(1).map((one) => (/^\d+$/.test(one) ? Number(one) : one))
}

export function idOf(pointer: string): string {
  return `at${pointer.replaceAll('/', '-')}`
}
