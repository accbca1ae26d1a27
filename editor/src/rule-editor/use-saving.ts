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
  /** What the server refused while somebody typed; it is not tried again until it changes. */
  readonly refused: JsonObject | null
  /** How often in a row nothing was saved because the server did not answer, or failed. */
  readonly unanswered: number
  readonly savedAt: Date | null
  /** Save; quietly, if nobody has asked for it: then a failure only leaves it unsaved. */
  readonly save: (rule: JsonObject, over?: RuleDetail, quietly?: boolean) => Promise<RuleDetail | null>
  /** Go on from what was written over an older state: whoever saved since is told of when this is saved. */
  readonly goBackTo: (etag: string | null) => void
  readonly accept: (detail: RuleDetail, rule: JsonObject) => void
  /** Takes in what was done to the rule that is in force, while what was typed stays as it is. */
  readonly renew: (detail: RuleDetail) => void
}

/** Keeps the draft on the server, and never overwrites what somebody else has saved meanwhile. */
export function useSaving(first: RuleDetail | null): Saving {
  const [detail, setDetail] = useState(first)
  const [saved, setSaved] = useState<JsonObject | null>(first === null ? null : first.draft ?? first.published)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [refused, setRefused] = useState<JsonObject | null>(null)
  const [unanswered, setUnanswered] = useState(0)
  const [savedAt, setSavedAt] = useState<Date | null>(null)

  const accept = useCallback((made: RuleDetail, rule: JsonObject) => {
    setDetail(made)
    setSaved(rule)
    setSavedAt(new Date())
    setConflict(null)
    setError(null)
    setRefused(null)
    setUnanswered(0)
  }, [])

  const save = useCallback(async (rule: JsonObject, over?: RuleDetail, quietly = false): Promise<RuleDetail | null> => {
    const key = String(rule['key'] ?? '')
    const known = over ?? detail
    setBusy(true)
    setError(null)
    try {
      const made = await api.saveDraft(key, rule, known?.etag ?? null)
      accept(made, rule)
      return made
    } catch (problem) {
      const answered = problem instanceof ApiError && problem.status >= 400 && problem.status < 500
      setUnanswered((before) => (answered ? 0 : before + 1))
      if (problem instanceof ApiError && problem.status === 412) {
        const theirs = await api.rule(key).catch(() => null)
        setConflict({ theirs, taken: known === null })
      } else if (!quietly) {
        setError(asError(problem))
      } else if (answered) {
        setRefused(rule)
      }
      return null
    } finally {
      setBusy(false)
    }
  }, [accept, detail])

  const renew = useCallback((made: RuleDetail) => {
    setDetail(made)
    if (made.draft === null && made.published !== null) setSaved(made.published)
  }, [])

  const goBackTo = useCallback((etag: string | null) => {
    if (etag !== null) setDetail((known) => (known === null ? null : { ...known, etag }))
  }, [])

  return { detail, saved, busy, error, conflict, refused, unanswered, savedAt, save, accept, goBackTo, renew }
}
