import './figures.css'
import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { useZone } from '../../app/zone'
import { Busy } from '../../components/Busy'
import { DayField } from '../../components/DayField'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table, type Column } from '../../components/Table'
import { useNumber, ZoneNote } from '../../components/Time'
import { moneyText, percentText } from '../../core/amounts'
import { api } from '../../core/api'
import { useLanguage } from '../../core/language'
import { isInUse, labelOf, type RuleCatalogue } from '../../core/schema'
import { figures, type Figure, type Figures } from './answers'
import { dayOf, lengthOf, startOf } from './days'
import { useWords } from './words'

const BESIDE = ['', 'before', 'everybody'] as const
const DAYS = 30

/** The key figures of a period, of everybody or of a group; beside them, if asked, those of another. */
export function FiguresPage() {
  const words = useWords()
  const { language } = useLanguage()
  const zone = useZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const [from, setFrom] = useState(dayOf(zone, 1 - DAYS))
  const [to, setTo] = useState(dayOf(zone, 0))
  const [group, setGroup] = useState({ segment: '', tag: '', tier: '' })
  const [beside, setBeside] = useState<(typeof BESIDE)[number]>('')
  const catalogue = useLoading('catalogue', api.catalogue).data as unknown as RuleCatalogue | undefined
  const tiers = catalogue?.ladders?.find((one) => one.key === 'tier')?.tiers ?? []
  const period = { from: startOf(from, zone), until: startOf(to, zone, 1) }
  const search = { ...period, ...group }
  const other = beside === 'before' ? { ...search, from: startOf(from, zone, -lengthOf(from, to)), until: period.from } : period
  const { data, error } = useLoading(JSON.stringify(search), () => figures(search))
  const second = useLoading(`${beside} ${JSON.stringify(other)}`, () => (beside === '' ? Promise.resolve(null) : figures(other)))
  const choice = (name: keyof typeof group, label: string, of: readonly { key: string; name: Parameters<typeof labelOf>[0] }[] = []) => of.length > 0 && (
    <div className="field">
      <label htmlFor={`fg-${name}`}>{label}</label>
      <select id={`fg-${name}`} className="select" value={group[name]} onChange={(event) => setGroup({ ...group, [name]: event.target.value })}>
        <option value="">{words.everybody}</option>
        {of.map((one) => <option key={one.key} value={one.key}>{labelOf(one.name, language)}</option>)}
      </select>
    </div>
  )
  return (
    <PageFrame title={words.figures} lead={words.figuresLead}>
      <search className="fg-filters">
        <DayField id="fg-from" label={words.from} value={from} max={to} onChange={(day) => setFrom(day)} />
        <DayField id="fg-to" label={words.to} value={to} min={from} onChange={(day) => setTo(day)} />
        {choice('segment', words.segment, catalogue?.segments)}
        {choice('tag', words.tag, catalogue?.tags.filter(isInUse))}
        {choice('tier', words.tier, tiers)}
        <div className="field">
          <label htmlFor="fg-beside">{words.beside}</label>
          <select id="fg-beside" className="select" value={beside} onChange={(event) => setBeside(event.target.value as typeof beside)}>
            {BESIDE.map((one) => <option key={one} value={one}>{words.besides[one]}</option>)}
          </select>
        </div>
      </search>
      {error && <ErrorNote error={error} />}
      {second.error && <ErrorNote error={second.error} />}
      {!data && !error && <Busy />}
      {data && <Told told={data} second={beside === '' ? null : second.data} head={words.besides[beside]} />}
      <ZoneNote />
    </PageFrame>
  )
}

function Told({ told, second, head }: { told: Figures; second: Figures | null; head: string }) {
  const words = useWords()
  const { pick, language } = useLanguage()
  const number = useNumber()
  const shown = ({ kind, value }: Figure): string => {
    if (value === null) return '–'
    if (kind === 'count') return number(Number(value))
    return kind === 'share' ? percentText(value, language) : moneyText(String(value), told.currency, language)
  }
  const others = new Map(second?.items.map((one) => [one.key, one]))
  const columns: Column<Figure>[] = [
    { key: 'figure', head: words.figure, cell: (one) => <b className="keep">{pick(one.name)}</b> },
    { key: 'value', head: words.value, number: true, cell: shown },
    { key: 'meaning', head: words.meaning, wide: true, cell: (one) => <span className="small quiet">{pick(one.meaning)}</span> },
  ]
  const found = ({ key }: Figure): string => {
    const one = others.get(key)
    return one === undefined ? '' : shown(one)
  }
  if (second) columns.splice(2, 0, { key: 'beside', head, number: true, cell: found })
  return (
    <>
      {!told.complete && <p className="note" role="status">{words.notComplete}</p>}
      <div className="card card-flush"><Table caption={words.figures} rows={told.items} keyOf={(one) => one.key} columns={columns} /></div>
      {told.without_amount > 0 && <p className="page-note">{words.withoutAmount(number(told.without_amount), told.currency)}</p>}
    </>
  )
}
