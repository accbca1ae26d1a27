import { usePaging } from '../../app/paging'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Time, ZoneNote } from '../../components/Time'
import { call, query, type Page } from '../../core/api'
import { useWords } from './words'

interface Change { id: number; at: string; by: string; action: string; subject: string; detail: string }

const changes = (before: string | number | null) => call<Page<Change>>(`/audit${query({ before })}`)

/** What people changed, newest first, for who audits. */
export function ChangesPage() {
  const words = useWords()
  const may = useMay()
  if (!may.replay) return <PageFrame title={words.title} lead={words.lead}><EmptyState title={words.forbidden} text={words.forbiddenText} /></PageFrame>
  return <Listed />
}

function Listed() {
  const words = useWords()
  const list = usePaging('changes', changes)
  return (
    <PageFrame title={words.title} lead={words.lead}>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {list.items && list.items.length > 0 && (
        <>
          <div className="card card-flush">
            <Table
              caption={words.title} rows={list.items} keyOf={(one) => one.id}
              columns={[
                { key: 'at', head: words.at, cell: (one) => <Time at={one.at} /> },
                { key: 'by', head: words.by, cell: (one) => one.by },
                { key: 'action', head: words.action, cell: (one) => <b>{words.actions[one.action] ?? one.action}</b> },
                { key: 'subject', head: words.subject, cell: (one) => <code>{one.subject}</code> },
                { key: 'detail', head: words.detail, cell: (one) => <span className="small">{one.detail}</span> },
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
