import { useEffect, useState } from 'react'
import { api } from '../core/api'
import type { Json, JsonObject, Schema } from '../core/schema'
import type { Diagnostic } from '../core/types'
import { get } from '../core/tree'
import { problemsOf } from '../core/validator'
import { steps } from './context'
import { messages } from './messages'

export interface Check {
  readonly diagnostics: readonly Diagnostic[]
  readonly checking: boolean
}

const PAUSE = 300

/** What is wrong with the rule, asked of the server once nobody has typed for a moment. */
export function useCheck(rule: JsonObject, schema: Schema): Check {
  const [checked, setChecked] = useState<{ rule: JsonObject; diagnostics: readonly Diagnostic[] } | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    const timer = setTimeout(() => {
      api.check(rule, gone.signal).then(
        (answer) => setChecked({ rule, diagnostics: answer.diagnostics.map((one) => plainly(one, rule)) }),
        () => {
          // Without the server, the schema still tells what cannot be read.
          if (!gone.signal.aborted) setChecked({ rule, diagnostics: problemsOf(schema, rule).map(shape) })
        })
    }, PAUSE)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [rule, schema])
  return { diagnostics: checked?.diagnostics ?? NONE, checking: checked?.rule !== rule }
}

/** An input that was emptied needs no explanation of what can't be read. */
export function plainly(one: Diagnostic, rule: Json): Diagnostic {
  const blank = one.code === 'invalid-shape' && get(rule, steps(one.path)) === ''
  return blank ? { ...one, text: messages.blank, fix: null } : one
}

const NONE: readonly Diagnostic[] = []

function shape({ path, text }: { path: string; text: string }): Diagnostic {
  return { code: 'invalid-shape', path, severity: 'error', text: { en: text, 'zh-Hans': text }, fix: null }
}
