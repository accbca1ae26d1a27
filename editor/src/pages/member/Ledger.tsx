import { useState } from 'react'
import { usePaging } from '../../app/paging'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { Table } from '../../components/Table'
import { Time } from '../../components/Time'
import { api, type MemberDetail, type Posting } from '../../core/api'
import { useLanguage } from '../../core/language'
import { capital } from '../../app/names'
import { amountText } from './amounts'
import { moveOf, signOf } from './ledger'
import { useWords } from './words'

const SIGNS = { 1: '+', [-1]: '−', 0: '' } as const

/** Everything that was ever posted to the member's account, page by page. */
export function Ledger({ member }: { member: MemberDetail }) {
  const words = useWords()
  const { language, pick } = useLanguage()
  const [unit, setUnit] = useState('')
  const list = usePaging(`${member.id}\n${member.events}\n${member.as_of}\n${unit}`, (before) => api.ledger(member.id, { unit, before, as_of: member.as_of }))
  const unitOf = (one: Posting) => member.balances.find((balance) => balance.unit === one.unit)
  const what = (one: Posting) => {
    const { from, to } = moveOf(one, member.id)
    const part = words.ledger.parts[(to === '' || to === null ? from : to) ?? ''] ?? ''
    const said = words.ledger.kinds[one.kind] ?? one.kind
    const telling = part !== '' && (one.kind === 'award' || one.kind === 'expire' || one.kind === 'reverse')
    return <span>{said}{telling && <span className="quiet"> · {part}</span>}</span>
  }
  return (
    <>
      <p className="quiet small">{words.ledger.note}</p>
      {member.balances.length > 1 && (
        <div className="field ledger-unit">
          <label htmlFor="ledger-unit">{words.ledger.unit}</label>
          <select id="ledger-unit" className="select" value={unit} onChange={(event) => setUnit(event.target.value)}>
            <option value="">{words.ledger.all}</option>
            {member.balances.map((one) => <option key={one.unit} value={one.unit}>{capital(pick(one.name) || one.unit)}</option>)}
          </select>
        </div>
      )}
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && <p className="quiet">{words.ledger.empty}</p>}
      {list.items && list.items.length > 0 && (
        <Table
          caption={words.views.ledger}
          rows={list.items}
          keyOf={(one) => one.id}
          columns={[
            { key: 'when', head: words.ledger.when, cell: (one) => <Time at={one.as_of} /> },
            { key: 'what', head: words.ledger.what, cell: what },
            { key: 'unit', head: words.ledger.unit, cell: (one) => capital(pick(unitOf(one)?.name) || one.unit) },
            {
              key: 'amount', head: words.ledger.amount, number: true,
              cell: (one) => {
                const sign = signOf(moveOf(one, member.id))
                return <span className={sign > 0 ? 'gained' : sign < 0 ? 'lost' : 'quiet'}>{SIGNS[sign]}{amountText(one.amount, unitOf(one), language)}</span>
              },
            },
            {
              key: 'why', head: words.ledger.why,
              cell: (one) => <Link href={`/decisions/${one.sequence}`} aria-label={`${words.ledger.decision} ${one.sequence}`}>{words.ledger.decision}</Link>,
            },
          ]}
        />
      )}
      <More list={list} />
    </>
  )
}
