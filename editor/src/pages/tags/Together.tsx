import { useState } from 'react'
import { useLoading, useSettled } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { percentText } from '../../core/amounts'
import { useLanguage } from '../../core/language'
import { TextField } from '../definitions/fields'
import { tagsApi, type Association } from './api'
import { useWords } from './words'

const LEAST = 20

/** Which tags members have together, in plain sentences. */
export function Together() {
  const { together: words } = useWords()
  const { pick, language } = useLanguage()
  const percent = (fraction: string): string => percentText(100 * Number(fraction), language)
  const number = useNumber()
  const [typed, setTyped] = useState(String(LEAST))
  const least = Math.max(1, Math.round(Number(useSettled(typed, 400))) || LEAST)
  const { data, error, reload } = useLoading(String(least), () => tagsApi.associations(least))
  return (
    <>
      <search className="filters"><TextField type="number" label={words.least} value={typed} onChange={setTyped} /></search>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && <EmptyState title={words.empty} text={words.emptyText} />}
      {data && data.items.length > 0 && (
        <>
          <p className="quiet">{words.lead(number(data.members), data.percent)}</p>
          <div className="card card-flush">
            <Table
              caption={words.sentence}
              rows={data.items}
              keyOf={(one) => [...one.having, one.then].map((part) => part.tag).join(' ')}
              columns={[
                { key: 'text', head: words.sentence, wide: true, cell: (one: Association) => pick(one.text) },
                { key: 'lift', head: words.lift, number: true, cell: (one: Association) => <b>{one.lift}</b> },
                { key: 'confidence', head: words.confidence, number: true, cell: (one: Association) => percent(one.confidence) },
                { key: 'support', head: words.support, number: true, cell: (one: Association) => percent(one.support) },
                { key: 'members', head: words.members, number: true, cell: (one: Association) => number(one.members) },
              ]}
            />
          </div>
          <p className="quiet small">{words.note}</p>
        </>
      )}
    </>
  )
}
