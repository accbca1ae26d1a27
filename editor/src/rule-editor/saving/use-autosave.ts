import { useCallback, useEffect, useRef, useState } from 'react'
import type { JsonObject } from '../../core/schema'
import { same } from '../../core/tree'
import type { RuleDetail } from '../../core/types'
import type { Saving } from '../use-saving'
import { forget, keep, keptAt, ownShelf, placeOf, type Kept } from './kept'

const PAUSE = 2000
const LONGEST_PAUSE = 60_000

interface Typed {
  readonly rule: JsonObject
  /** Whether anybody has changed something since the page was opened. */
  readonly touched: boolean
  readonly changed: boolean
  readonly saving: Saving
  readonly person: string
  readonly mayWrite: boolean
}

export interface Autosave {
  /** Whether what isn't saved is safe in this browser. */
  readonly kept: boolean
  /** Whether what is typed waits for a server that does not answer, and is saved as soon as it does. */
  readonly waiting: boolean
  /** What was typed here before and never saved, until it is taken or refused. */
  readonly offered: Kept | null
  readonly answerOffer: () => void
  /** Drops what is kept in this browser: it is saved, and this page is being left. */
  readonly settle: () => void
}

/**
 * Whether a draft is saved while it is typed. To begin a draft, to become one of its authors, or to change what
 * waits for an approval is for a person to decide: until they save it, it is only kept in the browser.
 */
export function savesItself(detail: RuleDetail | null, person: string): boolean {
  return detail !== null && detail.draft !== null && detail.approval === 'none' && detail.authors.includes(person)
}

/** How long to wait before a save, in milliseconds: longer each time that the server did not answer the one before. */
export function pauseAfter(unanswered: number): number {
  return Math.min(PAUSE * 2 ** unanswered, LONGEST_PAUSE)
}

/** Keeps what is typed: at once in this browser, and after a pause on the server where that is meant. */
export function useAutosave({ rule, touched, changed, saving, person, mayWrite }: Typed): Autosave {
  const { detail, saved, busy, conflict, refused, unanswered, save } = saving
  // A new rule keeps its place until it is left, also once it has a key.
  const place = useRef(placeOf(person, detail?.key ?? null)).current
  const [offered, setOffered] = useState(() => {
    const found = mayWrite ? keptAt(ownShelf(), place) : null
    return found !== null && (saved === null || !same(found.rule, saved)) ? found : null
  })
  const [kept, setKept] = useState(false)
  const etag = detail?.etag ?? null
  useEffect(() => {
    if (!touched || !mayWrite) return
    if (changed) setKept(keep(ownShelf(), place, { rule, etag, at: new Date().toISOString() }))
    else forget(ownShelf(), place)
  }, [rule, touched, changed, mayWrite, place, etag])

  const itself = mayWrite && savesItself(detail, person)
  const due = touched && changed && itself && !busy && conflict === null && refused !== rule
  useEffect(() => {
    if (!due) return
    const now = (): void => void save(rule, undefined, true)
    const timer = setTimeout(now, pauseAfter(unanswered))
    const onHide = (): void => {
      if (document.visibilityState === 'hidden') now()
    }
    document.addEventListener('visibilitychange', onHide)
    window.addEventListener('online', now)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onHide)
      window.removeEventListener('online', now)
    }
  }, [due, rule, save, unanswered])

  const answerOffer = useCallback(() => {
    if (!touched) forget(ownShelf(), place)
    setOffered(null)
  }, [touched, place])
  const settle = useCallback(() => forget(ownShelf(), place), [place])
  return { kept, waiting: itself && unanswered > 0, offered, answerOffer, settle }
}
