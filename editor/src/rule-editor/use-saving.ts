import { useCallback, useState } from 'react'
import { asError } from '../app/loading'
import { api, ApiError } from '../core/api'
import type { JsonObject } from '../core/schema'
import type { RuleDetail } from '../core/types'

export interface Conflict {
  /** Who has saved in between, and what; null if it cannot be read. */
  readonly theirs: RuleDetail | null
  /** A new rule of a key that there is already. */
  readonly taken: boolean
}

export interface Saving {
  readonly detail: RuleDetail | null
  readonly saved: JsonObject | null
  readonly busy: boolean
  readonly error: Error | null
  readonly conflict: Conflict | null
  readonly save: (rule: JsonObject, over?: RuleDetail) => Promise<RuleDetail | null>
  readonly accept: (detail: RuleDetail, rule: JsonObject) => void
}

/** Keeps the draft on the server, and never overwrites what somebody else has saved meanwhile. */
export function useSaving(first: RuleDetail | null): Saving {
  const [detail, setDetail] = useState(first)
  const [saved, setSaved] = useState<JsonObject | null>(first === null ? null : first.draft ?? first.published)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)

  const accept = useCallback((made: RuleDetail, rule: JsonObject) => {
    setDetail(made)
    setSaved(rule)
    setConflict(null)
    setError(null)
  }, [])

  const save = useCallback(async (rule: JsonObject, over?: RuleDetail): Promise<RuleDetail | null> => {
    const key = String(rule['key'] ?? '')
    const known = over ?? detail
    setBusy(true)
    setError(null)
    try {
      const made = await api.saveDraft(key, rule, known?.etag ?? null)
      accept(made, rule)
      return made
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 412) {
        const theirs = await api.rule(key).catch(() => null)
        setConflict({ theirs, taken: known === null })
      } else {
        setError(asError(problem))
      }
      return null
    } finally {
      setBusy(false)
    }
  }, [accept, detail])

  return { detail, saved, busy, error, conflict, save, accept }
}
