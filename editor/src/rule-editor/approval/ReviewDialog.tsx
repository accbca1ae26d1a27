import { useId, useState } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api } from '../../core/api'
import type { JsonObject } from '../../core/schema'
import { sentence } from '../../core/sentence'
import type { RuleDetail } from '../../core/types'
import { useEditing } from '../context'
import { ChangesTab } from '../panel/ChangesTab'
import { Step } from './Said'
import { useWords } from './words'

interface ReviewProps {
  /** Whether somebody asks for approval, or decides on it. */
  what: 'submit' | 'decide'
  rule: JsonObject
  detail: RuleDetail
  onClose: () => void
  onDone: (detail: RuleDetail) => void
}

/** A draft on its way to publication: what it says, what was said of it, and what is said now. */
export function ReviewDialog({ what, rule, detail, onClose, onDone }: ReviewProps) {
  const words = useWords()
  const { root, catalogue, language } = useEditing()
  const field = useId()
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const take = async (step: 'submit' | 'approve' | 'send-back'): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      onDone(await api.review(detail.key, step, comment, detail.etag))
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title={what === 'submit' ? words.submitTitle : words.decideTitle} onClose={onClose} actions={
      <>
        <Button onClick={onClose}>{words.cancel}</Button>
        {what === 'submit'
          ? <Button kind="primary" disabled={busy} onClick={() => void take('submit')}>{busy ? words.working : words.submit}</Button>
          : (
            <>
              <Button kind="danger" disabled={busy || comment.trim() === ''} onClick={() => void take('send-back')}>{words.sendBack}</Button>
              {detail.approval === 'submitted'
                && <Button kind="primary" disabled={busy} onClick={() => void take('approve')}>{busy ? words.working : words.approve}</Button>}
            </>)}
      </>
    }>
      <div className="re-publish">
        <p className="re-hint">{what === 'submit' ? words.submitText : words.decideText}</p>
        <p className="re-said">{sentence(rule, root, catalogue, language)}</p>
        {detail.published !== null && <ChangesTab rule={rule} published={detail.published} />}
        {detail.reviews.length > 0 && (
          <section className="re-said-of" aria-label={words.said}>
            <ul>{detail.reviews.map((one) => <li key={`${one.at}${one.step}`}><Step one={one} /></li>)}</ul>
          </section>)}
        <div className="field">
          <label htmlFor={field}>{words.comment}</label>
          <textarea id={field} className="textarea" maxLength={2000} rows={3} value={comment}
            aria-describedby={what === 'decide' ? `${field}-hint` : undefined} onChange={(event) => setComment(event.target.value)} />
          {what === 'decide' && <span id={`${field}-hint`} className="field-hint">{words.sendBackHint}</span>}
        </div>
        {error !== null && <ErrorNote error={error} />}
      </div>
    </Dialog>
  )
}
