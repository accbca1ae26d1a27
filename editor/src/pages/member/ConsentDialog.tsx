import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { useRequestId } from '../../app/request-id'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, type Consent } from '../../core/api'
import { useLanguage } from '../../core/language'
import { useMessages } from '../../messages'
import { ChoiceField, LongField } from '../definitions/fields'
import { useReachWords } from './reach-words'
import { useWords } from './words'

/** What a member told somebody of the staff: whether marketing by a channel is welcome, and how that is known. */
export function ConsentDialog({ member, consent, onClose, onDone }: {
  member: string
  consent: Consent
  onClose: () => void
  onDone: () => void
}) {
  const messages = useMessages()
  const words = useReachWords()
  const { hand } = useWords()
  const { pick } = useLanguage()
  const form = useId()
  const request = useRequestId()
  const [said, setSaid] = useState<'given' | 'withdrawn'>(consent.allowed ? 'withdrawn' : 'given')
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const body = { channel: consent.channel, given: said === 'given', why }
      await api.byHand(member, 'consent', { id: request.of(JSON.stringify(body)), ...body })
      onDone()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={words.dialogTitle(pick(consent.name))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={busy}>{hand.submit}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <form id={form} className="form-grid" onSubmit={submit}>
        <ChoiceField wide label={words.says} value={said} choices={{ given: words.agrees, withdrawn: words.objects }} onChange={setSaid} />
        <LongField label={hand.why} hint={hand.whyHint} required value={why} onChange={setWhy} />
      </form>
    </Dialog>
  )
}
