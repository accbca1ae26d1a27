import './figures.css'
import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { api } from '../../core/api'
import { useLanguage } from '../../core/language'
import { labelOf, type RuleCatalogue } from '../../core/schema'
import { figures, type Figure } from './answers'
import { useWords } from './words'

const DAY = 86_400_000
const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
const startOf = (day: string): string | undefined => (day === '' ? undefined : new Date(`${day}T00:00:00`).toISOString())

/** The key figures of a period, of everybody or of a group. */
export function FiguresPage() {
  const words = useWords()
  const { pick, language } = useLanguage()
  const number = useNumber()
  const [from, setFrom] = useState(dayOf(Date.now() - 30 * DAY))
  const [until, setUntil] = useState(dayOf(Date.now() + DAY))
  const [tag, setTag] = useState('')
  const [tier, setTier] = useState('')
  const catalogue = useLoading('catalogue', api.catalogue).data as unknown as RuleCatalogue | undefined
  const tiers = catalogue?.ladders?.find((one) => one.key === 'tier')?.tiers ?? []
  const search = { from: startOf(from), until: startOf(until), tag, tier }
  const { data, error } = useLoading(JSON.stringify(search), () => figures(search))
  const shown = ({ kind, value }: Figure): string => {
    if (value === null) return '–'
    if (kind === 'count') return number(Number(value))
    return kind === 'share' ? `${value} %` : `${value} ${data?.currency ?? ''}`
  }
  const columns = [
    { key: 'figure', head: words.figure, cell: (one: Figure) => <b>{pick(one.name)}</b> },
    { key: 'value', head: words.value, number: true, cell: shown },
    { key: 'meaning', head: words.meaning, wide: true, cell: (one: Figure) => <span className="small quiet">{pick(one.meaning)}</span> },
  ]
  const choice = (id: string, label: string, value: string, put: (key: string) => void, of: readonly { key: string; name: Parameters<typeof labelOf>[0] }[]) => (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="select" value={value} onChange={(event) => put(event.target.value)}>
        <option value="">{words.everybody}</option>
        {of.map((one) => <option key={one.key} value={one.key}>{labelOf(one.name, language)}</option>)}
      </select>
    </div>
  )
  return (
    <PageFrame title={words.figures} lead={words.figuresLead}>
      <search className="filters">
        <div className="field"><label htmlFor="fg-from">{words.from}</label><input id="fg-from" type="date" className="input" value={from} onChange={(event) => setFrom(event.target.value)} /></div>
        <div className="field"><label htmlFor="fg-until">{words.until}</label><input id="fg-until" type="date" className="input" value={until} onChange={(event) => setUntil(event.target.value)} /></div>
        {choice('fg-tag', words.tag, tag, setTag, catalogue?.tags ?? [])}
        {tiers.length > 0 && choice('fg-tier', words.tier, tier, setTier, tiers)}
      </search>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Busy />}
      {data && (
        <>
          {!data.complete && <p className="note" role="status">{words.notComplete}</p>}
          <div className="card card-flush"><Table caption={words.figures} rows={data.items} keyOf={(one) => one.key} columns={columns} /></div>
          {data.without_amount > 0 && <p className="page-note">{words.withoutAmount(number(data.without_amount), data.currency)}</p>}
        </>
      )}
    </PageFrame>
  )
}
