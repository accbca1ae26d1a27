import { useState } from 'react'
import { useSettled } from '../app/loading'
import { useNames } from '../app/names'
import { usePaging } from '../app/paging'
import { Link } from '../app/router'
import { Busy } from '../components/Busy'
import { Chip } from '../components/Chip'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { More } from '../components/More'
import { PageFrame } from '../components/PageFrame'
import { Table } from '../components/Table'
import { Time, useNumber, ZoneNote } from '../components/Time'
import { api } from '../core/api'
import { usePageMessages } from './messages'
import { Duplicates } from './member/Duplicates'

export function MembersPage() {
  const messages = usePageMessages()
  const { members } = messages
  const number = useNumber()
  const names = useNames()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim())
  const list = usePaging(search, (after) => api.members({ search, after }))
  return (
    <PageFrame title={members.title} lead={members.lead}>
      <search className="filters">
        <div className="field field-wide">
          <label htmlFor="members-search">{members.search}</label>
          <input id="members-search" type="search" className="input" placeholder={members.searchHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
      </search>
      <Duplicates />
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && (
        <EmptyState title={search ? members.noMatch : members.empty} text={search ? members.noMatchText : members.emptyText} />
      )}
      {list.items && list.items.length > 0 && (
        <>
          <div className="card card-flush">
            <Table
              caption={members.title}
              rows={list.items}
              keyOf={(member) => member.id}
              columns={[
                { key: 'id', head: members.id, cell: (member) => <><Link href={`/members/${encodeURIComponent(member.id)}`}>{member.id}</Link>{member.erased && <> <Chip>{messages.members.erased}</Chip></>}</> },
                { key: 'joined', head: members.joined, cell: (member) => <Time at={member.joined_at} /> },
                {
                  key: 'tags', head: members.tags,
                  cell: (member) => member.tags.length === 0
                    ? <span className="quiet">–</span>
                    : <span className="row">{member.tags.map((tag) => <Chip key={tag} tone="blue" title={tag}>{names.tag(tag)}</Chip>)}</span>,
                },
                { key: 'points', head: members.points, number: true, cell: (member) => number(member.points) },
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
