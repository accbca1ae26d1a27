import { idOf, useDiagnostics } from '../context'

export interface ProblemProps {
  readonly 'aria-invalid'?: true
  readonly 'aria-describedby'?: string
}

/** Marks an input whose place the server complains of, and links it to the words of the complaint. */
export function useProblem(pointer: string): ProblemProps {
  const found = useDiagnostics().find((one) => one.path === pointer)
  if (found === undefined) return {}
  const described = { 'aria-describedby': `${idOf(pointer)}-problem` }
  return found.severity === 'error' ? { 'aria-invalid': true, ...described } : described
}
