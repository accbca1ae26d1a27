import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../app/loading'
import { usePaging } from '../../app/paging'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Dialog } from '../../components/Dialog'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { RuleName } from '../../components/OutcomeLine'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Time, useNumber, ZoneNote } from '../../components/Time'
import { api, type Task } from '../../core/api'
import { useLanguage } from '../../core/language'
import { useMessages } from '../../messages'
import { LongField } from '../definitions/fields'
import { useWords } from './words'

/** Asks what came of a task, and tells the server. */
function Finish({ task, onClose, onDone }: { task: Task; onClose: () => void; onDone: () => void }) {
  const messages = useMessages()
  const words = useWords()
  const { pick } = useLanguage()
  const form = useId()
  const [answer, setAnswer] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await api.taskDone(task.id, answer)
      onDone()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={words.finishTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={busy}>{words.states.done}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <p>{pick(task.text)}</p>
      <form id={form} onSubmit={submit}>
        <LongField label={words.answer} hint={words.answerHint} required value={answer} onChange={setAnswer} />
      </form>
    </Dialog>
  )
}

export function TasksPage() {
  const words = useWords()
  const may = useMay()
  const { pick } = useLanguage()
  const number = useNumber()
  const [status, setStatus] = useState<Task['status']>('open')
  const [queue, setQueue] = useState('')
  const [finished, setFinished] = useState(0)
  const queues = useLoading(`queues ${finished}`, () => api.taskQueues()).data?.items ?? []
  const list = usePaging(`${status}\n${queue}`, (after) => api.tasks({ status, queue, after }))
  const [finishing, setFinishing] = useState<Task | null>(null)
  const chosen = queues.find((one) => one.queue === queue)
  const done = () => {
    list.change((items) => items.filter((one) => one.id !== finishing?.id))
    setFinishing(null)
    setFinished((times) => times + 1)
  }
  const columns = [
    {
      key: 'task', head: words.task,
      cell: (one: Task) => <div><b>{pick(one.text)}</b>{one.priority === 'high' && <> <Chip tone="red">{words.high}</Chip></>}</div>,
    },
    { key: 'queue', head: words.queue, cell: (one: Task) => <span title={one.queue}>{pick(one.queue_name) || one.queue}</span> },
    { key: 'member', head: words.member, cell: (one: Task) => <Link href={`/members/${encodeURIComponent(one.member)}`}>{one.member}</Link> },
    { key: 'rule', head: words.rule, cell: (one: Task) => <RuleName outcome={{ rule: one.rule, name: one.rule_name }} /> },
    { key: 'since', head: words.since, cell: (one: Task) => <Link href={`/decisions/${one.sequence}`}><Time at={one.as_of} /></Link> },
    ...(status === 'done'
      ? [{ key: 'done', head: words.states.done, cell: (one: Task) => <div><Time at={one.done_at} /> <span className="small quiet">{words.doneBy(one.done_by ?? '')}</span></div> }]
      : may.write
        ? [{
          key: 'action', head: words.action,
          cell: (one: Task) => <Button small aria-label={words.finishLabel(pick(one.text))} onClick={() => setFinishing(one)}>{words.finish}</Button>,
        }]
        : []),
  ]
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <search className="filters">
        <div className="field">
          <label htmlFor="tasks-status">{words.status}</label>
          <select id="tasks-status" className="select" value={status} onChange={(event) => setStatus(event.target.value as Task['status'])}>
            <option value="open">{words.states.open}</option>
            <option value="done">{words.states.done}</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="tasks-queue">{words.queue}</label>
          <select id="tasks-queue" className="select" value={queue} onChange={(event) => setQueue(event.target.value)}>
            <option value="">{words.allQueues}</option>
            {queues.map((one) => <option key={one.queue} value={one.queue}>{words.waiting(pick(one.name) || one.queue, number(one.open))}</option>)}
          </select>
        </div>
      </search>
      {chosen?.meaning && <p className="small quiet">{[chosen.meaning, chosen.worked_by && words.workedBy(chosen.worked_by)].filter(Boolean).join(' · ')}</p>}
      <div role="status">{finished > 0 && <p className="note note-done filters">{words.finished}</p>}</div>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && (
        <EmptyState title={status === 'open' ? words.empty : words.noneDone} text={status === 'open' ? words.emptyText : words.noneDoneText} />
      )}
      {list.items && list.items.length > 0 && (
        <>
          <div className="card card-flush"><Table caption={words.title} rows={list.items} keyOf={(one) => one.id} columns={columns} /></div>
          <More list={list} />
          <ZoneNote />
        </>
      )}
      {finishing && <Finish task={finishing} onClose={() => setFinishing(null)} onDone={done} />}
    </PageFrame>
  )
}
