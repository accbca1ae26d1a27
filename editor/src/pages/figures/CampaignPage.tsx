import './figures.css'
import { useLoading } from '../../app/loading'
import { useNames } from '../../app/names'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Chip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Period, useNumber, ZoneNote } from '../../components/Time'
import { moneyText, percentText } from '../../core/amounts'
import { useLanguage } from '../../core/language'
import { reportOf, type Interval, type Report } from './answers'
import { TONES } from './CampaignsPage'
import { useWords } from './words'

/** How one campaign goes. */
export function CampaignPage({ id }: { id: string }) {
  const words = useWords()
  const { pick } = useLanguage()
  const { data, error } = useLoading(`campaign ${id}`, () => reportOf(id))
  return (
    <PageFrame title={data ? pick(data.campaign.name) : words.campaign} lead={words.campaignsLead}>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Busy />}
      {data && <Loaded report={data} />}
    </PageFrame>
  )
}

function Loaded({ report }: { report: Report }) {
  const words = useWords()
  const { pick } = useLanguage()
  return (
    <div className="fg-page">
      <p className="row">
        <Chip tone={TONES[report.state]}>{words.states[report.state]}</Chip>
        <Period from={report.campaign.from} until={report.campaign.until} />
      </p>
      {!report.complete && <p className="note" role="status">{words.notComplete}</p>}
      <Funnel report={report} />
      <div className="fg-grid">
        <Goal report={report} />
        <Cost report={report} />
      </div>
      <Worked report={report} />
      <Rules report={report} />
      <section className="card fg-notes">
        <h2>{words.counted}</h2>
        <ul>{report.counted.map((one) => <li key={one.en}>{pick(one)}</li>)}</ul>
        <h2>{words.notCounted}</h2>
        <ul>{report.not_counted.map((one) => <li key={one.en}>{pick(one)}</li>)}</ul>
      </section>
      <ZoneNote />
    </div>
  )
}

function useShare(): (part: number, whole: number) => string {
  const { language } = useLanguage()
  return (part, whole) => (whole === 0 ? '–' : percentText((100 * part) / whole, language))
}

function useMoney(currency: string): (amount: string) => string {
  const { language } = useLanguage()
  return (amount) => moneyText(amount, currency, language)
}

function Funnel({ report: { funnel, currency } }: { report: Report }) {
  const words = useWords()
  const number = useNumber()
  const shareOf = useShare()
  const money = useMoney(currency)
  const { messages, coupons } = funnel
  const beside = [
    messages.pending > 0 && words.waiting(number(messages.pending)),
    messages.dead > 0 && words.dead(number(messages.dead)),
    messages.suppressed > 0 && words.suppressed(number(messages.suppressed)),
  ].filter(Boolean).join(', ')
  const beforeOf = (part: number, whole: number): string => (whole === 0 ? '' : words.ofBefore(shareOf(part, whole)))
  const steps = [
    { name: words.reached, value: funnel.reached, note: '' },
    { name: words.delivered, value: messages.delivered, note: beside },
    ...(messages.opened === undefined ? [] : [{ name: words.opened, value: messages.opened, note: beforeOf(messages.opened, messages.delivered) }]),
    { name: words.issued, value: coupons.issued, note: '' },
    { name: words.redeemed, value: coupons.redeemed, note: beforeOf(coupons.redeemed, coupons.issued) },
    { name: words.orders, value: funnel.orders, note: `${words.revenue}: ${money(funnel.revenue)}` },
  ]
  const most = Math.max(1, ...steps.map((one) => one.value))
  return (
    <section className="card">
      <h2>{words.funnel}</h2>
      <ol className="fg-funnel">
        {steps.map((one) => (
          <li key={one.name}>
            <span>{one.name}</span>
            <span className="fg-bar" aria-hidden="true"><span style={{ inlineSize: `${(100 * one.value) / most}%` }} /></span>
            <b>{number(one.value)}</b>
            <span className="small quiet">{one.note}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Facts({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return <dl className="fg-facts">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
}

function Goal({ report: { goal, funnel, currency } }: { report: Report }) {
  const words = useWords()
  const number = useNumber()
  const shareOf = useShare()
  const money = useMoney(currency)
  const { event } = useNames()
  return (
    <section className="card">
      <h2>{words.goal(event(goal.event), goal.days)}</h2>
      <Facts rows={[
        [words.goalMembers, `${number(goal.members)} (${words.ofReached(shareOf(goal.members, funnel.reached))})`],
        [words.goalTimes, number(goal.times)],
        [words.goalRevenue, money(goal.revenue)],
      ]} />
    </section>
  )
}

function Cost({ report: { cost, roi, budget, currency } }: { report: Report }) {
  const words = useWords()
  const { pick } = useLanguage()
  const money = useMoney(currency)
  const number = useNumber()
  const budgeted = useMoney(budget?.currency ?? currency)
  const amount = (one: string | number): string => (budget?.currency ? budgeted(String(one)) : number(Number(one)))
  const left = budget?.pots[0]?.left ?? budget?.limit ?? 0
  return (
    <section className="card">
      <h2>{words.cost}</h2>
      <Facts rows={[
        [words.points, money(cost.points)],
        [words.coupons, money(cost.coupons)],
        [words.prizes, money(cost.prizes)],
        [words.messages, money(cost.messages)],
        [words.total, money(cost.total)],
        [words.roi, roi ?? words.noCost],
        [words.budget, budget === null ? words.noBudget : `${pick(budget.name)}: ${amount(left)} ${words.ofLimit(amount(budget.limit))}`],
      ]} />
    </section>
  )
}

const VERDICTS = { works: 'green', harms: 'red', open: 'amber', 'too-few': 'grey' } as const

function Worked({ report: { uplift, currency } }: { report: Report }) {
  const words = useWords()
  const { pick } = useLanguage()
  const money = useMoney(currency)
  const said = ({ value, low, high }: Interval, unit: (value: string) => string): string =>
    `${unit(value)} (${words.interval(unit(low), unit(high))})`
  return (
    <section className="card">
      <h2>{words.worked} <Chip tone={VERDICTS[uplift.verdict]}>{words.verdicts[uplift.verdict]}</Chip></h2>
      <p>{pick(uplift.text)}</p>
      {uplift.conversion && uplift.margin && (
        <Facts rows={[
          [words.conversion, said(uplift.conversion, words.pointsOf)],
          [words.margin, said(uplift.margin, money)],
        ]} />
      )}
    </section>
  )
}

function Rules({ report }: { report: Report }) {
  const words = useWords()
  const { pick } = useLanguage()
  const number = useNumber()
  type Row = Report['rules'][number]
  const columns = [
    {
      key: 'rule', head: words.rule, wide: true,
      cell: (one: Row) => <span><Link href={`/rules/${encodeURIComponent(one.key)}`}>{pick(one.name)}</Link>{one.status === 'paused' && <> <Chip>{words.paused}</Chip></>}</span>,
    },
    { key: 'reached', head: words.reached, number: true, cell: (one: Row) => number(one.reached) },
    { key: 'fired', head: words.fired, number: true, cell: (one: Row) => number(one.results.fired ?? 0) },
    { key: 'aside', head: words.heldOut, number: true, cell: (one: Row) => number(one.results.held_out ?? 0) },
    { key: 'limited', head: words.limited, number: true, cell: (one: Row) => number(one.results.limited ?? 0) },
    { key: 'points', head: words.pointsGiven, number: true, cell: (one: Row) => number(one.points) },
    { key: 'messages', head: words.delivered, number: true, cell: (one: Row) => number(one.messages.delivered) },
  ]
  return <div className="card card-flush"><Table caption={words.rules} rows={report.rules} keyOf={(one) => one.key} columns={columns} /></div>
}
