import { useState } from 'react'
import { useSettled } from '../../app/loading'
import { useNames } from '../../app/names'
import { usePaging } from '../../app/paging'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { DayField } from '../../components/DayField'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Time, ZoneNote } from '../../components/Time'
import { call, query, type Page } from '../../core/api'
import { fromLocal } from '../../core/instant'
import type { Json } from '../../core/schema'
import { WhatChanged } from './WhatChanged'
import { useWords } from './words'

interface Change { id: number; at: string; by: string; action: string; subject: string; detail: string; old: Json; new: Json }

type Filters = Readonly<Record<'by' | 'action' | 'subject' | 'from' | 'until', string | undefined>>

const NONE = { by: '', action: '', subject: '', from: '', until: '' }
const DAY = 86_400_000
const dayAfter = (day: string): string => (day === '' ? '' : new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10))
const changes = (asked: Filters, before: string | number | null) => call<Page<Change>>(`/audit${query({ ...asked, before })}`)

/** What people changed, newest first, for who audits. */
export function ChangesPage() {
  const words = useWords()
  const may = useMay()
  if (!may.replay) return <PageFrame title={words.title} lead={words.lead}><EmptyState title={words.forbidden} text={words.forbiddenText} /></PageFrame>
  return <Listed />
}

function Listed() {
  const words = useWords()
  const zone = useNames().zone ?? 'UTC'
  const [typed, setTyped] = useState(NONE)
  const settled = useSettled(typed)
  const at = (day: string): string | undefined => fromLocal(`${day}T00:00`, zone) ?? undefined
  const asked: Filters = {
    by: settled.by.trim(), action: settled.action, subject: settled.subject.trim(), from: at(settled.from), until: at(dayAfter(settled.until)),
  }
  const list = usePaging(`changes ${JSON.stringify(asked)}`, (before) => changes(asked, before))
  const file = (form: string): string => `/v1/audit.${form}${query({ ...asked })}`
  const filtered = Object.values(asked).some(Boolean)
  return (
    <PageFrame
      title={words.title} lead={words.lead}
      actions={<>
        <a className="button button-plain" href={file('csv')} download>{words.table}</a>
        <a className="button button-plain" href={file('jsonl')} download>{words.lines}</a>
      </>}
    >
      <search className="filters filters-top">
        <Typed id="ch-by" label={words.by} value={typed.by} onChange={(by) => setTyped({ ...typed, by })} />
        <div className="field">
          <label htmlFor="ch-action">{words.action}</label>
          <select id="ch-action" className="input" value={typed.action} onChange={(event) => setTyped({ ...typed, action: event.target.value })}>
            <option value="">{words.every}</option>
            {Object.entries(words.actions).map(([key, said]) => <option key={key} value={key}>{said}</option>)}
          </select>
        </div>
        <Typed id="ch-subject" label={words.subject} value={typed.subject} onChange={(subject) => setTyped({ ...typed, subject })} />
        <DayField id="ch-from" label={words.from} value={typed.from} onChange={(from) => setTyped({ ...typed, from })} />
        <DayField id="ch-until" label={words.until} value={typed.until} onChange={(until) => setTyped({ ...typed, until })} />
      </search>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && <EmptyState title={filtered ? words.noMatch : words.empty} text={filtered ? words.noMatchText : words.emptyText} />}
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
                { key: 'detail', head: words.detail, cell: (one) => <Detail of={one} /> },
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

function Typed({ id, label, value, onChange }: { id: string; label: string; value: string; onChange: (value: string) => void }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="search" className="input" value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}

/** What changed, once it is asked for; entries from before it was kept have their text alone. */
function Detail({ of }: { of: Change }) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  if (of.old === null && of.new === null) return <span className="small">{of.detail}</span>
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.show}</summary>
      {open && <WhatChanged old={of.old} now={of.new} />}
    </details>
  )
}
