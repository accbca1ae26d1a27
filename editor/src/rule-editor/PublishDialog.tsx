import { lazy, Suspense, useEffect, useState } from 'react'
import { asError } from '../app/loading'
import { Button } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { ErrorNote } from '../components/ErrorNote'
import { api } from '../core/api'
import { inLanguage } from '../core/language'
import type { JsonObject } from '../core/schema'
import { sentence } from '../core/sentence'
import type { InFlight, Publication, RuleDetail } from '../core/types'
import { useEditing } from './context'
import { useSay, type Message } from './messages'
import { ChangesTab } from './panel/ChangesTab'

const Conflicts = lazy(() => import('./Conflicts'))

const CHOICES: readonly (readonly [InFlight, Message])[] = [['finish', 'flightFinish'], ['move', 'flightMove'], ['leave', 'flightLeave']]

interface PublishProps {
  rule: JsonObject
  detail: RuleDetail
  onClose: () => void
  /** Goes to what can be done instead: submitting the draft, or sending it back. */
  onInstead?: () => void
  onPublished: (detail: RuleDetail) => void
}

/** What publishing means, before it is done. */
export function PublishDialog({ rule, detail, onClose, onInstead, onPublished }: PublishProps) {
  const say = useSay()
  const { root, catalogue, language } = useEditing()
  const { key, published } = detail
  const [meaning, setMeaning] = useState<Publication | null>(null)
  const [past, setPast] = useState<'skip' | 'fire'>('skip')
  const [inFlight, setInFlight] = useState<InFlight>('finish')
  const [perHour, setPerHour] = useState('1000')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)

  useEffect(() => {
    let gone = false
    api.publication(key).then(
      (answer) => {
        if (!gone) setMeaning(answer)
      },
      (problem: Error) => {
        if (!gone) setError(problem)
      })
    return () => {
      gone = true
    }
  }, [key])

  const publish = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const rate = Number(perHour)
      onPublished(await api.publish(key, { past, in_flight: inFlight, ...(past === 'fire' ? { per_hour: rate } : {}) }))
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }

  const errors = meaning?.diagnostics.filter((one) => one.severity === 'error') ?? []
  const rateIsGood = past === 'skip' || /^[1-9]\d{0,8}$/.test(perHour)
  return (
    <Dialog title={say('publishTitle')} onClose={onClose} actions={
      <>
        <Button onClick={onClose}>{say('cancel')}</Button>
        {onInstead && <Button disabled={busy} onClick={onInstead}>{say(detail.approval === 'approved' ? 'sendBackInstead' : 'submitInstead')}</Button>}
        <Button kind="primary" disabled={meaning === null || errors.length > 0 || busy || !rateIsGood} onClick={() => void publish()}>{say(busy ? 'publishing' : 'publish')}</Button>
      </>
    }>
      <div className="re-publish">
        <p className="re-said">{sentence(rule, root, catalogue, language)}</p>
        {published !== null && <ChangesTab rule={rule} published={published} />}
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
