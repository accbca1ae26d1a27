import { lazy, Suspense, useEffect, useState } from 'react'
import { asError } from '../app/loading'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { ErrorNote } from '../components/ErrorNote'
import { api } from '../core/api'
import { fromLocal, toLocal } from '../core/instant'
import { inLanguage } from '../core/language'
import type { JsonObject } from '../core/schema'
import { sentence } from '../core/sentence'
import type { InFlight, Publication, RuleDetail } from '../core/types'
import { useEditing } from './context'
import { useSay, type Message } from './messages'
import { startingAt, startOf } from './life/start'
import { Start } from './life/Start'
import { useWords } from './life/words'
import { ChangesTab } from './panel/ChangesTab'

const Conflicts = lazy(() => import('./Conflicts'))

const CHOICES: readonly (readonly [InFlight, Message])[] = [['finish', 'flightFinish'], ['move', 'flightMove'], ['leave', 'flightLeave']]

interface PublishProps {
  rule: JsonObject
  detail: RuleDetail
  /** Number of the older version that `rule` is, to go back to it; without one, the draft is published. */
  version?: number
  onClose: () => void
  /** Saves the draft with another start; null if that was not possible. */
  onStart?: (rule: JsonObject) => Promise<RuleDetail | null>
  /** Goes to what can be done instead: submitting the draft, or sending it back. */
  onInstead?: () => void
  onPublished: (detail: RuleDetail) => void
}

/** What publishing means, before it is done. */
export function PublishDialog({ rule, detail, version, onClose, onStart, onInstead, onPublished }: PublishProps) {
  const say = useSay()
  const words = useWords()
  const { root, catalogue, language, zone } = useEditing()
  const { key, published } = detail
  const [meaning, setMeaning] = useState<Publication | null>(null)
  const [past, setPast] = useState<'skip' | 'fire'>('skip')
  const [inFlight, setInFlight] = useState<InFlight>('finish')
  const [perHour, setPerHour] = useState('1000')
  const [start, setStart] = useState(() => toLocal(startOf(rule) ?? '', zone)?.slice(0, 16) ?? null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)

  useEffect(() => {
    let gone = false
    api.publication(key, version).then(
      (answer) => {
        if (!gone) setMeaning(answer)
      },
      (problem: Error) => {
        if (!gone) setError(problem)
      })
    return () => {
      gone = true
    }
  }, [key, version])

  const publish = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const choice = { past, in_flight: inFlight, ...(past === 'fire' ? { per_hour: Number(perHour) } : {}) }
      if (version !== undefined) {
        onPublished(await api.rollBack(key, { version, ...choice }))
        return
      }
      const wanted = startingAt(rule, from)
      // A draft that could not be saved is told of above the rule.
      if (onStart !== undefined && wanted !== rule && await onStart(wanted) === null) onClose()
      else onPublished(await api.publish(key, choice))
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }

  const errors = meaning?.diagnostics.filter((one) => one.severity === 'error') ?? []
  const from = start === null ? null : fromLocal(start, zone)
  const startIsGood = start === null || (from !== null && Date.parse(from) > Date.now())
  const rateIsGood = past === 'skip' || /^[1-9]\d{0,8}$/.test(perHour)
  return (
    <Dialog title={version === undefined ? say('publishTitle') : words.backTitle(version)} onClose={onClose} actions={
      <>
        <Button onClick={onClose}>{say('cancel')}</Button>
        {onInstead && <Button disabled={busy} onClick={onInstead}>{say(detail.approval === 'approved' ? 'sendBackInstead' : 'submitInstead')}</Button>}
        <Button kind="primary" disabled={meaning === null || errors.length > 0 || busy || !rateIsGood || !startIsGood} onClick={() => void publish()}>
          {busy ? say('publishing') : version === undefined ? say('publish') : words.confirm}
        </Button>
      </>
    }>
      <div className="re-publish">
        <p className="re-said">{sentence(rule, root, catalogue, language)}</p>
        {version !== undefined && <p className="re-hint">{words.backText((detail.version ?? 0) + 1)}</p>}
        {published !== null && (
          <section aria-label={words.difference}><ChangesTab rule={rule} published={published} against={version} /></section>)}
        {version === undefined && (
          <Start at={start} good={startIsGood} approved={detail.approval_needed || onStart === undefined ? { from: startOf(rule) } : undefined} onChange={setStart} />)}
        {meaning === null && error === null && <p>{say('loading')}</p>}
        {meaning !== null && meaning.past_threshold > 0 && (
          <fieldset>
            <legend>{say('publishPast', { count: meaning.past_threshold })}</legend>
            <label className="re-check"><input type="radio" name="past" checked={past === 'skip'} onChange={() => setPast('skip')} />{say('publishSkip')}</label>
            <label className="re-check"><input type="radio" name="past" checked={past === 'fire'} onChange={() => setPast('fire')} />{say('publishFire')}</label>
            {past === 'fire' && (
              <label className="re-check">{say('perHour')}
                <input className="re-input re-number" type="text" inputMode="numeric" size={6} value={perHour} aria-invalid={!rateIsGood || undefined}
                  onChange={(event) => setPerHour(event.target.value)} />
              </label>)}
          </fieldset>)}
        {meaning !== null && meaning.in_flight > 0 && (
          <fieldset>
            <legend>{say('inFlight', { count: meaning.in_flight })}</legend>
            <ul className="re-steps">
              {meaning.steps.map((one) => (
                <li key={`${one.version}${one.path}`}>
                  <b>{one.waiting}</b> {say('flightStep', { version: one.version, text: inLanguage(one.text, language) })}
                  {inFlight === 'move' && <em> — {say(one.moves_to === null ? 'flightGone' : 'flightStays')}</em>}
                </li>))}
            </ul>
            {CHOICES.map(([choice, label]) => (
              <label key={choice} className="re-check"><input type="radio" name="in-flight" checked={inFlight === choice} onChange={() => setInFlight(choice)} />{say(label)}</label>))}
          </fieldset>)}
        {meaning !== null && errors.length === 0 && <Suspense fallback={null}><Conflicts rule={rule} /></Suspense>}
        {errors.length > 0 && (
          <div className="re-problems" role="alert">
            <b>{say('publishDiagnostics')}</b>
            {errors.map((one, at) => <p key={at} className="re-problem re-error">{inLanguage(one.text, language)}</p>)}
          </div>)}
        {error !== null && <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
