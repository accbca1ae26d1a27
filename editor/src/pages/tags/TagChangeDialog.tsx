import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../app/loading'
import { forgetNames } from '../../app/names'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { useNumber } from '../../components/Time'
import { useLanguage } from '../../core/language'
import { useMessages } from '../../messages'
import { ChoiceField } from '../definitions/fields'
import { tagsApi, type TagChange, type TagRow } from './api'
import { stands } from './tree'
import { Uses } from './Uses'
import { useWords } from './words'

export interface Changing { what: 'merge' | 'retire'; row: TagRow }

/** Merging or retiring a tag: what it would mean, before it is done. */
export function TagChangeDialog({ changing, rows, onClose, onDone }: {
  changing: Changing
  rows: readonly TagRow[]
  onClose: () => void
  onDone: () => void
}) {
  const { what, row } = changing
  const messages = useMessages()
  const words = useWords()
  const { pick } = useLanguage()
  const form = useId()
  const [into, setInto] = useState('')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Error | null>(null)
  const ready = what === 'retire' || into !== ''
  const send = (dry: boolean): Promise<TagChange> => what === 'retire' ? tagsApi.retire(row.tag, dry) : tagsApi.merge(row.tag, into, dry)
  const { data: preview, error } = useLoading(`${what} ${into}`, () => ready ? send(true) : Promise.resolve(null))
  const name = pick(row.name) || row.tag
  const others = rows.filter((one) => one.tag !== row.tag && stands(one))

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFailed(null)
    try {
      await send(false)
      forgetNames()
      onDone()
    } catch (problem) {
      setFailed(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      wide
      title={what === 'merge' ? words.mergeTitle(name) : words.retireTitle(name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="danger" type="submit" form={form} disabled={busy || !ready || error !== null || preview === null}>
            {what === 'merge' ? words.doMerge : words.doRetire}
          </Button>
        </>
      }
    >
      <form id={form} className="form-grid" onSubmit={submit}>
        {what === 'merge' && (
          <ChoiceField wide label={words.into} value={into} onChange={setInto}
            choices={{ '': words.choose, ...Object.fromEntries(others.map((one) => [one.tag, pick(one.name) || one.tag])) }} />)}
      </form>
      {(failed ?? error) && <ErrorNote error={(failed ?? error) as Error} />}
      {ready && preview === null && !error && <Busy />}
      {ready && preview !== null && <Preview what={what} change={preview} />}
    </Dialog>
  )
}

function Preview({ what, change }: { what: Changing['what']; change: TagChange }) {
  const { change: words } = useWords()
  const number = useNumber()
  const uses = [...change.rules, ...change.definitions]
  return (
    <div className="stack" aria-live="polite">
      <p>{what === 'merge' ? words.merge(number(change.members), number(change.gaining ?? 0)) : words.retire(number(change.members))} {words.quiet}</p>
      {what === 'merge' && <p className="note"><b>{words.forGood}</b></p>}
      {uses.length === 0 && <p className="quiet">{words.none}</p>}
      {change.rules.length > 0 && <section><h3>{words.rules}</h3><Uses uses={change.rules} /></section>}
      {change.definitions.length > 0 && <section><h3>{words.definitions}</h3><Uses uses={change.definitions} /></section>}
      {uses.length > 0 && <p className="quiet">{what === 'merge' ? words.mergeRules : words.retireRules}</p>}
    </div>
  )
}
