import { useState } from 'react'
import { Link } from '../../app/router'
import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { useLanguage } from '../../core/language'
import type { Day } from './answers'
import { Chart } from './Chart'
import { dayText, decisionsOf, drawn, most, SERIES, valueOf, type Series } from './days'
import { useWords } from './words'

/** The last 30 days: a chart of one figure, and all of them as a table. */
export function Days({ days }: { days: Day[] }) {
  const words = useWords()
  const number = useNumber()
  const { language } = useLanguage()
  const [series, setSeries] = useState<Series>('fired')
  const best = most(days, series)
  const text = (date: string | undefined): string => (date === undefined ? '' : dayText(date, language))
  const told = [
    words.chart(words.series[series], text(days[0]?.date), text(days.at(-1)?.date)),
    best === null ? words.chartNone : words.chartMost(number(valueOf(best, series)), text(best.date)),
  ].join(language === 'en' ? '; ' : '；')
  return (
    <section className="card hm-days" aria-labelledby="hm-days">
      <div className="hm-days-head">
        <h2 id="hm-days">{words.days}</h2>
        <div className="row">
          <label className="small quiet" htmlFor="hm-series">{words.show}</label>
          <select id="hm-series" className="select" value={series} onChange={(event) => setSeries(event.target.value as Series)}>
            {SERIES.map((one) => <option key={one} value={one}>{words.series[one]}</option>)}
          </select>
        </div>
      </div>
      <Chart label={told} drawn={drawn(days, series)} dayOf={(place) => text(days[place]?.date)} />
      <details>
        <summary>{words.asTable}</summary>
        <Table
          caption={words.days}
          rows={days.toReversed()}
          keyOf={(day) => day.date}
          columns={[
            { key: 'day', head: words.day, cell: (day) => <Link href={decisionsOf(day)}>{dayText(day.date, language, true)}</Link> },
            ...SERIES.map((one) => ({ key: one, head: words.series[one], number: true, cell: (day: Day) => number(valueOf(day, one)) })),
          ]}
        />
      </details>
    </section>
  )
}
