import { useState } from 'react'
import { asError, useLoading } from '../../app/loading'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Dialog } from '../../components/Dialog'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Time, useNumber, ZoneNote } from '../../components/Time'
import { useLanguage } from '../../core/language'
import { useMessages } from '../../messages'
import { broadcasts, cancel, deleteDraft, progressOf, type Broadcast } from './api'
import { BroadcastForm } from './BroadcastForm'
import { useWords } from './words'

const TONES = { draft: 'grey', scheduled: 'blue', running: 'amber', done: 'green', cancelled: 'grey' } as const

/** How far a broadcast has come, and what held messages back. */
function ProgressDialog({ one, onClose }: { one: Broadcast; onClose: () => void }) {
  const messages = useMessages()
  const words = useWords()
  const number = useNumber()
  const { pick } = useLanguage()
  const { data, error } = useLoading(`broadcast ${one.key}`, () => progressOf(one.key))
  const rows = data && [
    [words.members, data.progress.members], [words.reached, data.progress.reached], [words.delivered, data.progress.delivered],
    [words.waiting, data.progress.waiting], [words.failed, data.progress.failed],
    ...Object.entries(data.progress.suppressed).map(([why, many]) => [`${words.suppressed}: ${words.reasons[why] ?? why}`, many] as const),
  ] as const
  return (
    <Dialog title={words.progressOf(pick(one.name))} onClose={onClose} actions={<Button onClick={onClose}>{messages.close}</Button>}>
      {error && <ErrorNote error={error} />}
      {!rows && !error && <Busy />}
      {rows && (
        <Table
          caption={words.progress} rows={[...rows]} keyOf={([name]) => String(name)}
          columns={[
            { key: 'what', head: words.state, wide: true, cell: ([name]) => name },
            { key: 'many', head: words.members, number: true, cell: ([, many]) => number(Number(many)) },
          ]}
        />
      )}
    </Dialog>
  )
}

/** Every broadcast, those planned last first. */
export function BroadcastsPage() {
  const words = useWords()
  const may = useMay()
  const { pick } = useLanguage()
  const { data, error, reload } = useLoading('broadcasts', broadcasts)
  const [writing, setWriting] = useState<Broadcast | 'new' | null>(null)
  const [shown, setShown] = useState<Broadcast | null>(null)
  const [problem, setProblem] = useState<Error | null>(null)
  const end = (ended: Promise<unknown>) => void ended.then(reload, (told: unknown) => setProblem(asError(told)))
  const columns = [
    { key: 'name', head: words.name, wide: true, cell: (one: Broadcast) => (
      <div>
        <b>{pick(one.name)}</b> <span className="small quiet">{one.key}</span>
        <p className="small quiet">{one.audience === null ? words.to(words.everybody) : one.audience_text && words.to(pick(one.audience_text))}</p>
      </div>) },
    { key: 'state', head: words.state, cell: (one: Broadcast) => <Chip tone={TONES[one.state]} title={one.problem ?? undefined}>{words.states[one.state]}</Chip> },
    { key: 'template', head: words.template, cell: (one: Broadcast) => one.template ?? '–' },
    { key: 'channel', head: words.channel, cell: (one: Broadcast) => (words.channels as Record<string, string>)[one.channel ?? ''] ?? one.channel },
    { key: 'at', head: words.at, cell: (one: Broadcast) => <Time at={one.at} /> },
    {
      key: 'action', head: words.action,
      cell: (one: Broadcast) => (
        <span className="row">
          {one.state === 'draft' && may.write && (
            <>
              <Button small aria-label={words.editing(pick(one.name) || one.key)} onClick={() => setWriting(one)}>{words.edit}</Button>
              <Button small aria-label={words.dropLabel(pick(one.name) || one.key)} onClick={() => end(deleteDraft(one))}>{words.drop}</Button>
            </>)}
          {one.state !== 'scheduled' && one.state !== 'draft' && <Button small aria-label={words.progressOf(pick(one.name))} onClick={() => setShown(one)}>{words.progress}</Button>}
          {may.write && (one.state === 'scheduled' || one.state === 'running')
            && <Button small aria-label={words.cancelLabel(pick(one.name))} onClick={() => end(cancel(one.key))}>{words.cancel}</Button>}
        </span>
      ),
    },
  ]
  return (
    <PageFrame title={words.title} lead={words.lead} actions={may.write && <Button kind="primary" onClick={() => setWriting('new')}>{words.create}</Button>}>
      {(error ?? problem) && <ErrorNote error={(error ?? problem) as Error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {data && data.items.length > 0 && (
        <>
          <div className="card card-flush"><Table caption={words.title} rows={data.items} keyOf={(one) => one.key} columns={columns} /></div>
          <ZoneNote />
        </>
      )}
      {writing && <BroadcastForm key={writing === 'new' ? '' : writing.etag} draft={writing === 'new' ? null : writing} onTheirs={setWriting} onClose={() => setWriting(null)} onDone={() => { setWriting(null); reload() }} />}
      {shown && <ProgressDialog one={shown} onClose={() => setShown(null)} />}
    </PageFrame>
  )
}
