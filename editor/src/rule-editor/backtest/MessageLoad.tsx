import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { inLanguage } from '../../core/language'
import { choicesOf, field, kindsOf, labelOf, withoutNull } from '../../core/schema'
import { useEditing } from '../context'
import type { Report, RuleFound } from './api'
import { busiestDay, channelLoads } from './figures'
import { useWords } from './words'

const UNITS: Readonly<Record<string, string>> = { minutes: 'minute', hours: 'hour', days: 'day', weeks: 'week', months: 'month', years: 'year' }

/** A length of time as people say it: 7 days, 7 天. */
function lengthText(within: Readonly<Record<string, number>>, language: string): string {
  return Object.entries(within).map(([unit, value]) => new Intl.NumberFormat(language, {
    style: 'unit', unit: UNITS[unit] ?? 'day', unitDisplay: 'long',
  }).format(value)).join(' ')
}

/** How many messages go by each channel, on the busiest day most of all, and what the policies of contact allow. */
export function MessageLoad({ found, report }: { found: RuleFound; report: Report }) {
  const words = useWords()
  const { root, catalogue, language } = useEditing()
  const number = useNumber()
  const rows = channelLoads(found, report.totals.load)
  const peak = busiestDay(report.totals.load)
  const send = kindsOf(field(root, 'then').items ?? {}, root).find((one) => one.name === 'send_message')
  const called = send === undefined ? {} : choicesOf(withoutNull(field(send.schema, 'channel'), root), language)
  const nameOf = (key: string): string => labelOf(catalogue.channels?.find((one) => one.key === key)?.name, language) || called[key] || key
  if (rows.length === 0 || peak === null) return null
  return (
    <section>
      <h3>{words.load}</h3>
      <div className="bt-table">
        <Table caption={words.load} rows={rows} keyOf={(one) => one.channel} columns={[
          { key: 'channel', head: words.channel, cell: (one) => nameOf(one.channel) },
          { key: 'own', head: words.own, number: true, cell: (one) => number(one.own) },
          { key: 'all', head: words.all, number: true, cell: (one) => number(one.all) },
          { key: 'busiest', head: words.busiest, wide: true, cell: ({ busiest }) => <>{busiest.day}<br />{words.ownOf(number(busiest.all), number(busiest.own))}</> },
        ]} />
      </div>
      <p className="re-hint">{words.peak(peak.day, number(peak.messages), number(peak.members), number(peak.most))}</p>
      {report.policies.length > 0 && (
        <p className="re-hint">
          {report.policies.flatMap((policy) => policy.caps.map((cap) => words.cap(inLanguage(policy.name, language), number(cap.times), lengthText(cap.within, language)))).join(' ')}
          {' '}{peak.capped > 0 ? words.capped(number(peak.capped)) : words.cappedNone}
        </p>)}
    </section>
  )
}
