import { useState } from 'react'
import { asError } from '../app/loading'
import { usePaging } from '../app/paging'
import { Link } from '../app/router'
import { useMay } from '../app/session'
import { Busy } from '../components/Busy'
import { Button } from '../components/Button'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { More } from '../components/More'
import { RuleName } from '../components/OutcomeLine'
import { PageFrame } from '../components/PageFrame'
import { Table } from '../components/Table'
import { Time, ZoneNote } from '../components/Time'
import { api, OUTBOX_STATUSES, type OutboxItem } from '../core/api'
import { useLanguage } from '../core/language'
import { Delivery } from './Delivery'
import { usePageMessages } from './messages'

/** `asked` is the status to begin with, as the address has it. */
export function OutboxPage({ asked }: { asked: string }) {
  const messages = usePageMessages()
  const { outbox: words } = messages
  const { pick } = useLanguage()
  const [status, setStatus] = useState<string>(OUTBOX_STATUSES.find((one) => one === asked) ?? '')
  const [failed, setFailed] = useState<Error | null>(null)
  const [said, setSaid] = useState(false)
  const list = usePaging(status, (before) => api.outbox({ status, before }))
  const may = useMay()
  const redeliver = async (item: OutboxItem) => {
    setFailed(null)
    setSaid(false)
    try {
      const again = await api.redeliver(item.id)
      list.change((items) => items.map((one) => (one.id === item.id ? { ...one, ...again } : one)))
      setSaid(true)
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <div className="filters">
        <div className="field">
          <label htmlFor="outbox-status">{words.status}</label>
          <select id="outbox-status" className="select" value={status} onChange={(event) => setStatus(event.target.value)}>
            <option value="">{messages.all}</option>
            {OUTBOX_STATUSES.map((one) => <option key={one} value={one}>{words.states[one]}</option>)}
          </select>
        </div>
      </div>
      {failed && <ErrorNote error={failed} />}
      <div role="status">{said && <p className="note note-done filters">{words.redelivered}</p>}</div>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && (
        <EmptyState title={status ? words.noMatch : words.empty} text={status ? words.noMatchText : words.emptyText} />
      )}
      {list.items && list.items.length > 0 && (
        <>
          <div className="card card-flush">
            <Table
              caption={words.title}
              rows={list.items}
              keyOf={(item) => item.id}
              columns={[
                { key: 'status', head: words.status, cell: (item) => <Delivery item={item} /> },
                {
                  key: 'what', head: words.what,
                  cell: (item) => (
                    <div>
                      <b title={item.target}>{pick(item.target_name) || item.target}</b> <span className="quiet">{pick(item.channel_name)}</span>
                      <div className="small"><RuleName outcome={{ rule: item.rule, name: item.rule_name }} /></div>
                    </div>
                  ),
                },
                { key: 'to', head: words.to, cell: (item) => <Link href={`/members/${encodeURIComponent(item.member)}`}>{item.member}</Link> },
                { key: 'created', head: words.created, cell: (item) => <Link href={`/decisions/${item.sequence}`}><Time at={item.as_of} /></Link> },
                { key: 'attempts', head: words.attempts, number: true, cell: (item) => item.attempts },
                {
                  key: 'action', head: words.action,
                  cell: (item) => item.status === 'dead' && may.publish
                    ? <Button small onClick={() => void redeliver(item)} aria-label={`${words.redeliver}: ${pick(item.target_name) || item.target}, ${item.member}`}>{words.redeliver}</Button>
                    : item.next_attempt_at
                      ? <span className="small">{words.next} <Time at={item.next_attempt_at} /></span>
                      : <span className="quiet">–</span>,
                },
              ]}
            />
          </div>
          <More list={list} />
          <ZoneNote />
        </>
      )}
    </PageFrame>
  )
}
