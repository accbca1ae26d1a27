import { lazy, Suspense, useState } from 'react'
import { Link } from '../../app/router'
import { Button } from '../../components/Button'
import { Table } from '../../components/Table'
import { Time, useNumber } from '../../components/Time'
import { TraceTree } from '../../components/TraceTree'
import { clockText } from '../../core/instant'
import { inLanguage } from '../../core/language'
import { field, kindsOf, labelOf } from '../../core/schema'
import { amountText } from '../../pages/member/amounts'
import { useEditing } from '../context'
import type { Report, RuleFound, Seen, Side } from './api'
import { costOf, daysOf, daysTold, ranked } from './figures'
import { MessageLoad } from './MessageLoad'
import { useWords } from './words'

const DayChart = lazy(() => import('./DayChart'))
const FEW = 8
const SIDES: readonly Side[] = ['now', 'then', 'both']

/** What a back-test found of the rule, the answer first. */
export function ReportView({ report, rule }: { report: Report; rule: string }) {
  const words = useWords()
  const { language, zone } = useEditing()
  const number = useNumber()
  const found = report.rules.find((one) => one.rule === rule)
  const days = number(daysOf(report.from, report.until, zone))
  const money = (minor: number): string => amountText(minor, { currency: report.currency }, language)
  if (report.entries === 0) return <p className="bt-headline">{words.nothing}</p>
  const happened = found !== undefined && found.difference.members.then + found.difference.members.both > 0
  return (
    <div className="bt-report">
      <p className="bt-headline">
        {found === undefined || found.fired === 0 ? words.nobody(days)
          : words.headline(days, number(found.members), number(found.fired), money(found.cost.total))}
      </p>
      <p className="re-hint">{words.looked(number(report.entries), number(report.members))}{found !== undefined && found.cost.coupons > 0 && ` ${words.couponsAsRedeemed}`}</p>
      {found !== undefined && (
        <>
          {happened && <Beside found={found} />}
          {found.fired > 0 && <ByDay found={found} money={money} />}
          <Effects found={found} money={money} />
          <Segments found={found} />
          <MessageLoad found={found} report={report} />
          <Held found={found} reasons={report.reasons} />
          <Samples found={found} />
          <Overlap found={found} rules={report.rules} />
        </>)}
    </div>
  )
}

function MemberLink({ member }: { member: string }) {
  return <Link href={`/members/${encodeURIComponent(member)}`}>{member}</Link>
}

/** Whom the rule gains and loses, beside what its versions really did. */
function Beside({ found }: { found: RuleFound }) {
  const words = useWords()
  const number = useNumber()
  const { members, seen } = found.difference
  return (
    <section>
      <h3>{words.beside}</h3>
      <dl className="bt-sides">
        {SIDES.map((side) => (
          <div key={side} className={`bt-${side}`}>
            <dt>{words.sides[side]}</dt>
            <dd><b>{number(members[side])}</b>{seen[side].length > 0 && <Few of={seen[side]} more={members[side] > seen[side].length} />}</dd>
          </div>))}
      </dl>
    </section>
  )
}

function Few({ of, more }: { of: readonly Seen[]; more: boolean }) {
  return <span className="bt-few">{of.map((one) => <MemberLink key={one.member} member={one.member} />)}{more && '…'}</span>
}

interface Told { found: RuleFound; money: (minor: number) => string }

function ByDay({ found, money }: Told) {
  const words = useWords()
  const { language } = useEditing()
  const number = useNumber()
  const days = daysTold(found)
  return (
    <section>
      <h3>{words.days}</h3>
      <Suspense fallback={<div className="bt-chart" />}><DayChart days={days} label={words.chart} names={[words.fired, words.cost]} money={money} /></Suspense>
      <details>
        <summary>{words.asTable}</summary>
        <div className="bt-table bt-long" tabIndex={0} role="group" aria-label={words.days}>
          <Table caption={words.days} rows={days} keyOf={(one) => one.day} columns={[
            { key: 'day', head: words.day, cell: (one) => <span title={clockText(one.day, language)}>{one.day}</span> },
            { key: 'fired', head: words.fired, number: true, cell: (one) => number(one.fired) },
            { key: 'effects', head: words.effects, number: true, cell: (one) => number(one.effects) },
            { key: 'cost', head: words.cost, number: true, cell: (one) => money(one.cost) },
          ]} />
        </div>
      </details>
    </section>
  )
}

function Effects({ found, money }: Told) {
  const words = useWords()
  const { root, language } = useEditing()
  const number = useNumber()
  const titles = new Map(kindsOf(field(root, 'then').items ?? {}, root).map((one) => [one.name, labelOf(one.schema['x-title'], language)]))
  const rows = ranked(found.effects)
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{words.effects}</h3>
      <div className="bt-table">
        <Table caption={words.effects} rows={rows} keyOf={([kind]) => kind} columns={[
          { key: 'kind', head: words.kind, wide: true, cell: ([kind]) => titles.get(kind) || kind },
          { key: 'count', head: words.count, number: true, cell: ([, count]) => number(count) },
          { key: 'cost', head: words.cost, number: true, cell: ([kind]) => {
            const cost = costOf(kind, found.cost)
            return cost === null ? '–' : money(cost)
          } },
        ]} />
      </div>
    </section>
  )
}

function Segments({ found }: { found: RuleFound }) {
  const words = useWords()
  const { catalogue, language } = useEditing()
  const number = useNumber()
  const rows = ranked(found.segments)
  const nameOf = (key: string): string => labelOf(catalogue.segments?.find((one) => one.key === key)?.name, language) || key
  if (rows.every(([key]) => key === '')) return null
  return (
    <section>
      <h3>{words.segments}</h3>
      <div className="bt-table">
        <Table caption={words.segments} rows={rows} keyOf={([key]) => key} columns={[
          { key: 'segment', head: words.segment, wide: true, cell: ([key]) => (key === '' ? words.noSegment : nameOf(key)) },
          { key: 'fired', head: words.fired, number: true, cell: ([, count]) => number(count) },
        ]} />
      </div>
    </section>
  )
}

/** How often the rule, or a message of it, was held back, and why. */
function Held({ found, reasons }: { found: RuleFound; reasons: Report['reasons'] }) {
  const words = useWords()
  const { language } = useEditing()
  const number = useNumber()
  const rows = ranked({ ...found.held, ...found.suppressed })
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{words.held}</h3>
      <div className="bt-table">
        <Table caption={words.held} rows={rows} keyOf={([code]) => code} columns={[
          { key: 'reason', head: words.reason, wide: true, cell: ([code]) => inLanguage(reasons[code], language) || code },
          { key: 'count', head: words.count, number: true, cell: ([, count]) => number(count) },
        ]} />
      </div>
    </section>
  )
}

function Samples({ found }: { found: RuleFound }) {
  const words = useWords()
  if (found.samples.length === 0) return null
  return (
    <section>
      <h3>{words.samples}</h3>
      <ul className="bt-samples">
        {found.samples.map((one) => (
          <li key={`${one.member}${one.at}${one.sequence}`}>
            <MemberLink member={one.member} /> <span className="small quiet"><Time at={one.at} /></span>
            {one.why !== null && <details><summary aria-label={`${words.why}: ${one.member}`}>{words.why}</summary><TraceTree trace={one.why} /></details>}
          </li>))}
      </ul>
    </section>
  )
}

function Overlap({ found, rules }: { found: RuleFound; rules: readonly RuleFound[] }) {
  const words = useWords()
  const { language } = useEditing()
  const number = useNumber()
  const [all, setAll] = useState(false)
  const rows = ranked(found.overlap)
  const nameOf = (key: string): string => inLanguage(rules.find((one) => one.rule === key)?.name, language) || key
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{words.overlap}</h3>
      <div className="bt-table">
        <Table caption={words.overlap} rows={all ? rows : rows.slice(0, FEW)} keyOf={([key]) => key} columns={[
          { key: 'rule', head: words.rule, wide: true, cell: ([key]) => <Link href={`/rules/${encodeURIComponent(key)}`}>{nameOf(key)}</Link> },
          { key: 'both', head: words.both, number: true, cell: ([, count]) => number(count) },
          { key: 'moments', head: words.moments, number: true, cell: ([key]) => number(found.moments[key] ?? 0) },
        ]} />
      </div>
      {!all && rows.length > FEW && <div><Button small onClick={() => setAll(true)}>{words.showAll(number(rows.length))}</Button></div>}
    </section>
  )
}
