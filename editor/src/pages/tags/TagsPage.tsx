import { useState } from 'react'
import { useLoading, useSettled } from '../../app/loading'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { Button, ButtonLink } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Time, useNumber, ZoneNote } from '../../components/Time'
import { useLanguage } from '../../core/language'
import { CheckField, TextField } from '../definitions/fields'
import { tagsApi, type TagReport, type TagRow } from './api'
import { TagChangeDialog, type Changing } from './TagChangeDialog'
import { Together } from './Together'
import { inTree, stands, type Placed } from './tree'
import { Uses } from './Uses'
import { useWords } from './words'

const STALE = 180

export function TagsPage({ view }: { view: string }) {
  const words = useWords()
  const may = useMay()
  const together = view === 'together'
  return (
    <PageFrame title={words.title} lead={words.lead} actions={may.write && <ButtonLink href="/definitions?kind=tags">{words.define}</ButtonLink>}>
      <nav className="tabs" aria-label={words.title}>
        <Link href="/tags" aria-current={together ? undefined : 'page'}>{words.views.overview}</Link>
        <Link href="/tags?view=together" aria-current={together ? 'page' : undefined}>{words.views.together}</Link>
      </nav>
      {together ? <Together /> : <Overview />}
    </PageFrame>
  )
}

function Overview() {
  const words = useWords()
  const [typed, setTyped] = useState(String(STALE))
  const [search, setSearch] = useState('')
  const [only, setOnly] = useState(false)
  const [changing, setChanging] = useState<Changing | null>(null)
  const [done, setDone] = useState(false)
  const days = Math.max(1, Math.round(Number(useSettled(typed, 400))) || STALE)
  const { data, error, reload } = useLoading(String(days), () => tagsApi.report(days))
  const change = (made: Changing) => {
    setDone(false)
    setChanging(made)
  }
  return (
    <>
      <search className="filters">
        <div className="field">
          <label htmlFor="tags-search">{words.search}</label>
          <input id="tags-search" type="search" className="input" placeholder={words.searchHint} value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
        <TextField type="number" label={words.stale} value={typed} onChange={setTyped} />
        <CheckField label={words.only} value={only} onChange={setOnly} />
      </search>
      <div role="status">{done && <p className="note note-done filters">{words.done}</p>}</div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data?.tags.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {data && data.tags.length > 0 && <Tags report={data} search={search} only={only} onChange={change} />}
      {changing && data && (
        <TagChangeDialog changing={changing} rows={data.tags} onClose={() => setChanging(null)} onDone={() => {
          setChanging(null)
          setDone(true)
          reload()
        }} />)}
    </>
  )
}

function Tags({ report, search, only, onChange }: { report: TagReport; search: string; only: boolean; onChange: (made: Changing) => void }) {
  const words = useWords()
  const may = useMay()
  const { pick } = useLanguage()
  const number = useNumber()
  const wanted = search.trim().toLowerCase()
  const fits = (row: TagRow): boolean =>
    (!only || row.findings.length > 0) && [row.tag, row.meaning, ...Object.values(row.name)].some((text) => text?.toLowerCase().includes(wanted))
  const shown = inTree(report.tags.filter(fits))
  const nameOf = (key: string): string => pick(report.tags.find((one) => one.tag === key)?.name) || key
  if (shown.length === 0) return <p className="quiet">{words.nothing}</p>
  const columns = [
    { key: 'tag', head: words.columns.tag, wide: true, cell: (one: Placed) => <About placed={one} nameOf={nameOf} /> },
    {
      key: 'members', head: words.columns.members, number: true,
      cell: ({ row }: Placed) => (
        <div>
          <b>{number(row.members)}</b>
          {(['rule', 'person', 'api'] as const).filter((kind) => row.holders[kind] > 0).map((kind) => (
            <div key={kind} className="small quiet">{words.holders[kind](number(row.holders[kind]))}</div>
          ))}
        </div>
      ),
    },
    { key: 'last', head: words.columns.last, cell: ({ row }: Placed) => row.last_put_on === null ? '–' : <Time at={row.last_put_on} /> },
    { key: 'uses', head: words.columns.uses, cell: ({ row }: Placed) => row.used_by.length === 0 ? '–' : <Folded row={row} /> },
    ...(may.write ? [{
      key: 'action', head: words.columns.action,
      cell: ({ row }: Placed) => stands(row) && (
        <div className="row">
          <Button small aria-label={words.mergeLabel(nameOf(row.tag))} onClick={() => onChange({ what: 'merge', row })}>{words.merge}</Button>
          <Button small aria-label={words.retireLabel(nameOf(row.tag))} onClick={() => onChange({ what: 'retire', row })}>{words.retire}</Button>
        </div>
      ),
    }] : []),
  ]
  return (
    <>
      <p className="quiet">{words.count(shown.length, shown.reduce((sum, { row }) => sum + row.findings.length, 0))}</p>
      <div className="card card-flush"><Table caption={words.title} rows={shown} keyOf={({ row }) => row.tag} columns={columns} /></div>
      <ZoneNote />
    </>
  )
}

/** What names a tag is many lines for some; they are there when somebody asks. */
function Folded({ row }: { row: TagRow }) {
  const words = useWords()
  return <details><summary>{words.places(row.used_by.length)}</summary><Uses uses={row.used_by} /></details>
}

function About({ placed: { row, depth }, nameOf }: { placed: Placed; nameOf: (key: string) => string }) {
  const words = useWords()
  const { pick } = useLanguage()
  const name = pick(row.name) || row.tag
  return (
    <div style={{ paddingInlineStart: `${depth * 1.25}rem` }}>
      <div className="row">
        <b>{name}</b>
        {name !== row.tag && <code>{row.tag}</code>}
        {!row.defined && <Chip tone="red">{words.notDefined}</Chip>}
        {row.retired && <Chip>{words.retired}</Chip>}
        {row.merged_into !== undefined && <Chip>{words.mergedInto(nameOf(row.merged_into))}</Chip>}
        {row.category !== undefined && <Chip tone="blue">{words.categories[row.category] ?? row.category}</Chip>}
        {row.kind === 'static' && <Chip>{words.kinds.static}</Chip>}
      </div>
      {row.meaning && <p className="small quiet">{row.meaning}</p>}
      <p className="small quiet">
        {[
          row.parent === undefined ? '' : words.below(nameOf(row.parent)),
          row.group === undefined ? '' : words.group(row.group),
          row.owner === undefined ? '' : words.owner(row.owner),
        ].filter(Boolean).join(' · ')}
      </p>
      {row.findings.map((one) => (
        <p key={`${one.code} ${one.other ?? ''}`} className="small"><Chip tone="amber">{words.lookAfter}</Chip> {pick(one.text)}</p>
      ))}
    </div>
  )
}
