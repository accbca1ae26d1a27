import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { useNames } from '../../app/names'
import { Busy } from '../../components/Busy'
import { EmptyState } from '../../components/EmptyState'
import { DayField } from '../../components/DayField'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { useNumber, ZoneNote } from '../../components/Time'
import { fromLocal, toLocal } from '../../core/instant'
import { useLanguage } from '../../core/language'
import { settlement, settlementAddress, type Settled, type Settlement } from './answers'
import { useSettlementWords } from './settlement-words'

const DAY = 86_400_000
const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
const dayAfter = (day: string): string => (day === '' ? '' : dayOf(Date.parse(`${day}T00:00:00Z`) + DAY))

interface Line extends Settled { partner: string; coupon: string | null; name: string; key: string }

/** What each partner owes of a period: in all, and for each coupon whose cost it shares. */
export function SettlementPage() {
  const words = useSettlementWords()
  const zone = useNames().zone ?? 'UTC'
  // Until somebody chooses, the month that runs on the programme's clock.
  const today = toLocal(new Date().toISOString(), zone)?.slice(0, 10) ?? dayOf(Date.now())
  const [chosen, setChosen] = useState<{ from?: string; until?: string }>({})
  const { from = `${today.slice(0, 8)}01`, until = today } = chosen
  const at = (day: string): string | undefined => fromLocal(`${day}T00:00`, zone) ?? undefined
  const period = { from: at(from), until: at(dayAfter(until)) }
  const { data, error } = useLoading(JSON.stringify(period), () => settlement(period))
  return (
    <PageFrame
      title={words.title}
      lead={words.lead}
      actions={data && data.items.length > 0 && <a className="button button-plain" href={settlementAddress(period)} download>{words.export}</a>}
    >
      <search className="filters">
        <DayField id="st-from" label={words.from} value={from} onChange={(day) => setChosen({ ...chosen, from: day })} />
        <DayField id="st-until" label={words.until} value={until} onChange={(day) => setChosen({ ...chosen, until: day })} />
      </search>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {data && data.items.length > 0 && <Owing of={data} />}
      {data && data.items.length > 0 && <ZoneNote />}
    </PageFrame>
  )
}

function Owing({ of }: { of: Settlement }) {
  const words = useSettlementWords()
  const { pick } = useLanguage()
  const number = useNumber()
  const lines = of.items.flatMap((one): Line[] => [
    { ...one, coupon: null, name: one.partner, key: `${one.partner} ${one.currency}` },
    ...one.coupons.map((part) => ({
      ...part, partner: one.partner, currency: one.currency, name: pick(part.name) || part.coupon, key: `${one.partner} ${one.currency} ${part.coupon}`,
    })),
  ])
  const money = (amount: string, { currency, coupon }: Line) => coupon === null ? <b>{amount} {currency}</b> : <>{amount} {currency}</>
  return (
    <div className="card card-flush">
      <Table
        caption={words.title}
        rows={lines}
        keyOf={(one) => one.key}
        columns={[
          {
            key: 'partner', head: words.partner,
            cell: (one) => one.coupon === null ? <b>{one.name}</b> : <span title={one.coupon}>{words.coupon(one.name)}</span>,
          },
          { key: 'used', head: words.used, number: true, cell: (one) => number(one.used) },
          { key: 'charged', head: words.charged, number: true, cell: (one) => money(one.charged, one) },
          { key: 'returned', head: words.returned, number: true, cell: (one) => number(one.returned) },
          { key: 'back', head: words.givenBack, number: true, cell: (one) => money(one.given_back, one) },
          { key: 'owed', head: words.owed, number: true, cell: (one) => money(one.owed, one) },
        ]}
      />
    </div>
  )
}
