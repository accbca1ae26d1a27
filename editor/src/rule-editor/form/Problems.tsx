import { inLanguage, type Language } from '../../core/language'
import type { Diagnostic } from '../../core/types'
import { idOf, useDiagnostics, useEditing } from '../context'

interface ProblemsProps {
  pointer: string
  /** Places below with rows of their own, which show their own problems. */
  except?: readonly string[]
  /** Only what concerns the very place. */
  exact?: boolean
}

/** What the server says of a part, in words beside it. */
export function Problems({ pointer, except = [], exact = false }: ProblemsProps) {
  const { language } = useEditing()
  const inside = (path: string, of: string): boolean => path === of || path.startsWith(`${of}/`)
  const found = useDiagnostics().filter((one) =>
    exact ? one.path === pointer || one.path === `${pointer}/of` : inside(one.path, pointer) && !except.some((other) => inside(one.path, other)))
  if (found.length === 0) return null
  return (
    <div className="re-problems">
      {found.map((one, at) => (
        <Problem key={`${one.code}${at}`} problem={one} language={language} id={`${idOf(one.path)}-problem`}
          again={found.slice(0, at).some((before) => inLanguage(before.text, language) === inLanguage(one.text, language))} />
      ))}
    </div>
  )
}

/** Said once to the eye, though each input that it concerns is linked to words of its own. */
function Problem({ problem, language, id, again }: { problem: Diagnostic; language: Language; id: string; again: boolean }) {
  return (
    <p className={again ? 'visually-hidden' : `re-problem re-${problem.severity}`} id={id}>
      <b>{inLanguage(problem.text, language)}</b> {inLanguage(problem.fix, language)}
    </p>
  )
}
