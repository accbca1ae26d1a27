import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { useMessages } from '../../messages'
import { CheckField, ChoiceField, TextField } from '../definitions/fields'
import { createKey, people } from './api'
import { useWords } from './words'

/** Makes a key for a system. */
export function NewKey({ scopes, onClose, onDone }: {
  scopes: readonly string[]
  onClose: () => void
  onDone: (key: string, scopes: readonly string[]) => void
}) {
  const messages = useMessages()
  const words = useWords()
  const form = useId()
  const known = useLoading('people', people).data?.items ?? []
  const [source, setSource] = useState('')
  const [owner, setOwner] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>(['events:write'])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const made = await createKey({ source: source.trim(), scopes: [...chosen], ...(owner === '' ? {} : { owner }) })
      onDone(made.key, chosen)
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={words.createTitle} onClose={onClose}
      actions={<>
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button kind="primary" type="submit" form={form} disabled={busy || chosen.length === 0}>{words.create}</Button>
      </>}
    >
      {error && <ErrorNote error={error} />}
      <form id={form} className="form-grid" onSubmit={submit}>
        <TextField wide label={words.source} hint={words.sourceHint} required value={source} onChange={setSource} />
        <ChoiceField
          wide label={words.owner} hint={words.ownerHint} value={owner} onChange={setOwner}
          choices={{ '': words.nobody, ...Object.fromEntries(known.map((one) => [one.name, one.name])) }}
        />
        <fieldset className="pp-scopes form-wide">
          <legend>{words.scopes}</legend>
          {scopes.map((scope) => (
            <CheckField
              key={scope} label={words.scopeNames[scope] ?? scope} value={chosen.includes(scope)}
              onChange={(yes) => setChosen(yes ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
            />
          ))}
          {chosen.length === 0 && <p className="small" role="alert">{words.few}</p>}
        </fieldset>
      </form>
    </Dialog>
  )
}
