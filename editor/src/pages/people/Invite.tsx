import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import type { Role } from '../../core/types'
import { useMessages } from '../../messages'
import { ChoiceField, TextField } from '../definitions/fields'
import { invite } from './api'
import { useWords } from './words'

/** Lets somebody in. */
export function Invite({ onClose, onDone }: { onClose: () => void; onDone: (given: { name: string; password: string }) => void }) {
  const messages = useMessages()
  const words = useWords()
  const form = useId()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('marketer')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      onDone(await invite({ name: name.trim(), role }))
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={words.inviteTitle} onClose={onClose}
      actions={<>
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button kind="primary" type="submit" form={form} disabled={busy}>{words.invite}</Button>
      </>}
    >
      {error && <ErrorNote error={error} />}
      <form id={form} className="form-grid" onSubmit={submit}>
        <TextField wide label={words.person.name} hint={words.inviteHint} required value={name} onChange={setName} />
        <ChoiceField wide label={words.role} hint={words.rolesText[role]} value={role} choices={messages.roles} onChange={setRole} />
      </form>
    </Dialog>
  )
}
