import { useEffect, useState } from 'react'
import { useSettled } from '../../app/loading'
import { api } from '../../core/api'
import type { Json } from '../../core/schema'
import type { Diagnostic } from '../../core/types'
import { plainly } from '../use-check'

export interface ConditionCheck {
  /** What is wrong, with paths into the whole document. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether it was checked as it stands, and nothing is wrong. */
  readonly sound: boolean
}

const PAUSE = 300

/** What is wrong with a condition about members, asked of the server once nobody has typed for a moment. */
export function useConditionCheck(pointer: string, condition: Json): ConditionCheck {
  const written = JSON.stringify(condition)
  const asked = useSettled(written, PAUSE)
  const [checked, setChecked] = useState<{ of: string; diagnostics: readonly Diagnostic[] } | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const said = JSON.parse(asked) as Json
    api.checkCondition(said, stop.signal).then(
      (answer) => setChecked({ of: asked, diagnostics: answer.diagnostics.map((one) => ({ ...plainly(one, said), path: pointer + one.path })) }),
      // Nobody is told that it is sound then.
      () => undefined)
    return () => stop.abort()
  }, [asked, pointer])
  return { diagnostics: checked?.diagnostics ?? NONE, sound: checked?.of === written && checked.diagnostics.length === 0 }
}

const NONE: readonly Diagnostic[] = []
