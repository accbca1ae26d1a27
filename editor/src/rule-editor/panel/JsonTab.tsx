import { useState } from 'react'
import { inOrder, isObject, type JsonObject } from '../../core/schema'
import { same } from '../../core/tree'
import { useEditing } from '../context'
import { useSay } from '../messages'

/** The rule as text, both ways. Text that isn't a rule yet changes nothing, and is kept to be finished. */
export function JsonTab({ rule, onRule }: { rule: JsonObject; onRule?: (rule: JsonObject) => void }) {
  const say = useSay()
  const { root } = useEditing()
  const [typed, setTyped] = useState<{ text: string; made: JsonObject } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  // What was typed is shown for as long as the rule is what came of it; a change in the cards writes it anew.
  const text = typed !== null && same(typed.made, rule) ? typed.text : JSON.stringify(inOrder(rule, Object.keys(root.properties ?? {})), null, 2)
  const stale = typed === null || !same(typed.made, rule)

  const change = (made: string): void => {
    let read: unknown
    try {
      read = JSON.parse(made)
    } catch (reason) {
      setTyped({ text: made, made: rule })
      setProblem(say('jsonBroken', { reason: reason instanceof Error ? reason.message : '' }))
      return
    }
    if (!isObject(read)) {
      setTyped({ text: made, made: rule })
      setProblem(say('jsonNotRule'))
      return
    }
    setTyped({ text: made, made: read })
    setProblem(null)
    onRule?.(read)
  }

  const shown = stale ? null : problem
  return (
    <div className="re-json">
      <textarea className="re-code" aria-label={say('jsonLabel')} spellCheck={false} readOnly={onRule === undefined} rows={28} value={text} aria-invalid={shown !== null || undefined}
        aria-describedby="json-state" onChange={(event) => change(event.target.value)} />
      <p id="json-state" role="status" className={shown === null ? 're-hint' : 're-problem re-error'}>{shown ?? say('jsonGood')}</p>
    </div>
  )
}
