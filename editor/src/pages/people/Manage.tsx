import { useState, type ReactNode } from 'react'
import { asError } from '../../app/loading'
import { Button, type ButtonKind } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { useMessages } from '../../messages'
import { ChoiceField } from '../definitions/fields'
import { disable, enable, endSessions, resetPassword, setRole, type Person } from './api'
import { useWords } from './words'

/** What an administrator may do about somebody. */
export function Manage({ person, own, onClose, onChanged, onHand }: {
  person: Person
  own: boolean
  onClose: () => void
  onChanged: (told: string) => void
  onHand: (given: { name: string; password: string }) => void
}) {
  const messages = useMessages()
  const words = useWords()
  const [role, choose] = useState(person.role)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const { name } = person
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  const step = (label: string, hint: string, work: () => Promise<void>, kind: ButtonKind = 'plain'): ReactNode => (
    <div className="pp-step">
      <p className="small quiet">{hint}</p>
      <Button kind={kind} disabled={busy} onClick={() => void run(work)}>{label}</Button>
    </div>
  )
  const out = person.disabled_at !== null
  return (
    <Dialog title={words.manageLabel(name)} onClose={onClose} actions={<Button onClick={onClose}>{messages.close}</Button>}>
      {error && <ErrorNote error={error} />}
      {own && <p className="note">{words.own}</p>}
      {!own && (
        <form className="pp-step" onSubmit={(event) => {
          event.preventDefault()
          void run(async () => {
            await setRole(name, role)
            onChanged(words.done.role(name))
          })
        }}>
          <ChoiceField label={words.role} hint={`${words.rolesText[role]} · ${words.roleHint}`} value={role} choices={messages.roles} onChange={choose} />
          <Button type="submit" disabled={busy || role === person.role}>{words.saveRole}</Button>
        </form>
      )}
      {!own && step(words.reset, words.resetHint, async () => onHand(await resetPassword(name)))}
      {step(words.end, words.endHint, async () => {
        await endSessions(name)
        onChanged(words.done.end(name))
      })}
      {!own && (out
        ? step(words.enable, words.enableHint, async () => {
          await enable(name)
          onChanged(words.done.enable(name))
        })
        : step(words.disable, words.disableHint, async () => {
          await disable(name)
          onChanged(words.done.disable(name))
        }, 'danger'))}
    </Dialog>
  )
}
