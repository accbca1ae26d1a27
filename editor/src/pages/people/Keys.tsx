import { useState } from 'react'
import { asError, useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Dialog } from '../../components/Dialog'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { Time } from '../../components/Time'
import { useMessages } from '../../messages'
import { CheckField } from '../definitions/fields'
import { keys, revokeKey, rotateKey, type Key } from './api'
import { NewKey } from './NewKey'
import { OneTime } from './OneTime'
import { commandOf } from './trying'
import { useWords } from './words'

/** The keys of the programme's own systems. */
export function Keys() {
  const words = useWords()
  const { data, error, reload } = useLoading('keys', keys)
  const [creating, setCreating] = useState(false)
  const [ended, setEnded] = useState(false)
  const [ending, setEnding] = useState<{ asked: Key; what: 'rotate' | 'revoke' } | null>(null)
  const [made, setMade] = useState<{ key: string; scopes: readonly string[] } | null>(null)
  const [said, setSaid] = useState('')
  const show = (key: string, scopes: readonly string[]) => {
    setCreating(false)
    setEnding(null)
    setSaid('')
    setMade({ key, scopes })
    reload()
  }
  const revoked = (source: string) => {
    setEnding(null)
    setSaid(words.done.revoke(source))
    reload()
  }
  const past = data?.items.filter((one) => one.revoked_at !== null).length ?? 0
  const shown = data?.items.filter((one) => ended || one.revoked_at === null) ?? []
  const create = <Button kind="primary" onClick={() => setCreating(true)}>{words.create}</Button>
  return (
    <>
      <div className="row filters">
        {create}
        {past > 0 && <CheckField label={words.showEnded(past)} value={ended} onChange={setEnded} />}
      </div>
      <div role="status">{said && <p className="note note-done filters">{said}</p>}</div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data && shown.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {shown.length > 0 && <Listed rows={shown} onEnd={setEnding} />}
      {creating && <NewKey scopes={data?.scopes ?? []} onClose={() => setCreating(false)} onDone={show} />}
      {ending && <End {...ending} onClose={() => setEnding(null)} onRotated={show} onRevoked={revoked} />}
      {made && <OneTime title={words.keyTitle} text={words.keyText} secret={made.key} command={commandOf(made.key, made.scopes, location.origin)} onClose={() => setMade(null)} />}
    </>
  )
}

function Listed({ rows, onEnd }: { rows: Key[]; onEnd: (asked: { asked: Key; what: 'rotate' | 'revoke' }) => void }) {
  const words = useWords()
  const told = (at: string | null) => at === null ? words.never : <Time at={at} />
  return (
    <div className="card card-flush">
      <Table
        caption={words.views.keys} rows={rows} keyOf={(one) => one.id}
        columns={[
          { key: 'source', head: words.key.source, cell: (one) => <div><b>{one.source}</b><p className="small quiet keep"><code>rg_{one.id}_…</code></p></div> },
          { key: 'scopes', head: words.key.scopes, cell: (one) => <div className="pp-may">{one.scopes.map((scope) => <Chip key={scope} title={words.scopeNames[scope]}>{scope}</Chip>)}</div> },
          { key: 'owner', head: words.key.owner, cell: (one) => one.owner ?? '–' },
          { key: 'created', head: words.key.created, cell: (one) => <Time at={one.created_at} /> },
          { key: 'used', head: words.key.used, cell: (one) => told(one.used_at) },
          {
            key: 'action', head: words.key.action,
            cell: (one) => one.revoked_at !== null
              ? <span><Chip tone="red">{words.ended}</Chip> <Time at={one.revoked_at} /></span>
              : (
                <div className="row">
                  <Button small aria-label={words.rotateLabel(one.source, one.id)} onClick={() => onEnd({ asked: one, what: 'rotate' })}>{words.rotate}</Button>
                  <Button small aria-label={words.revokeLabel(one.source, one.id)} onClick={() => onEnd({ asked: one, what: 'revoke' })}>{words.revoke}</Button>
                </div>
              ),
          },
        ]}
      />
    </div>
  )
}

function End({ asked, what, onClose, onRotated, onRevoked }: {
  asked: Key
  what: 'rotate' | 'revoke'
  onClose: () => void
  onRotated: (key: string, scopes: readonly string[]) => void
  onRevoked: (source: string) => void
}) {
  const messages = useMessages()
  const words = useWords()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const rotate = what === 'rotate'
  const run = async () => {
    setBusy(true)
    setError(null)
    try {
      if (rotate) onRotated((await rotateKey(asked.id)).key, asked.scopes)
      else {
        await revokeKey(asked.id)
        onRevoked(asked.source)
      }
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={rotate ? words.rotateTitle(asked.source) : words.revokeTitle(asked.source)} onClose={onClose}
      actions={<>
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button kind="danger" disabled={busy} onClick={() => void run()}>{rotate ? words.rotate : words.revoke}</Button>
      </>}
    >
      {error && <ErrorNote error={error} />}
      <p>{rotate ? words.rotateText : words.revokeText}</p>
    </Dialog>
  )
}
