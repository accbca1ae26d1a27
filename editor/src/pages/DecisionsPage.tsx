import { useEffect, useState } from 'react'
import { useLoading, useSettled } from '../app/loading'
import { capital } from '../app/names'
import { usePaging } from '../app/paging'
import { Link, navigate } from '../app/router'
import { Busy } from '../components/Busy'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { More } from '../components/More'
import { isTelling, OutcomeLine } from '../components/OutcomeLine'
import { PageFrame } from '../components/PageFrame'
import { Table } from '../components/Table'
import { Time, ZoneNote } from '../components/Time'
import { api, query, type DecisionSummary } from '../core/api'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

function Outcomes({ decision }: { decision: DecisionSummary }) {
  const messages = usePageMessages()
  const telling = decision.outcomes.filter(isTelling)
  if (decision.outcomes.length === 0) return <span className="quiet">{messages.decisions.none}</span>
  if (telling.length === 0) return <span className="quiet">{messages.member.nothingFired(decision.outcomes.length)}</span>
  return <div>{telling.map((outcome, index) => <OutcomeLine key={index} outcome={outcome} />)}</div>
}

/** The filters live in the address, so that a filtered list can be sent to somebody. */
export function DecisionsPage({ rule, member }: { rule: string; member: string }) {
  const messages = usePageMessages()
  const { decisions: words } = messages
  const { pick } = useLanguage()
  const rules = useLoading('rule names', api.ruleNames)
  const [typed, setTyped] = useState(member)
  const settled = useSettled(typed.trim(), 400)
  const list = usePaging(`${rule}\n${member}`, (before) => api.decisions({ rule, member, before }))
  useEffect(() => {
    if (settled !== member) navigate(`/decisions${query({ rule, member: settled })}`, { replace: true })
    // Only what was typed leads on; a change of the address alone must not lead back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled])
  const known = rules.data?.items ?? []
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <search className="filters">
        <div className="field">
          <label htmlFor="decisions-rule">{words.rule}</label>
          <select id="decisions-rule" className="select" value={rule} onChange={(event) => navigate(`/decisions${query({ rule: event.target.value, member })}`, { replace: true })}>
            <option value="">{words.anyRule}</option>
            {rule !== '' && !known.some((one) => one.key === rule) && <option value={rule}>{rule}</option>}
            {known.map((one) => <option key={one.key} value={one.key}>{pick(one.name) || one.key}</option>)}
          </select>
        </div>
        <div className="field">
          <label htmlFor="decisions-member">{words.member}</label>
          <input id="decisions-member" type="search" className="input" placeholder={words.memberHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
      </search>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && (
        <EmptyState title={rule || member ? words.noMatch : words.empty} text={rule || member ? words.noMatchText : words.emptyText} />
      )}
      {list.items && list.items.length > 0 && (
        <>
          <div className="card card-flush">
            <Table
              caption={words.title}
              rows={list.items}
              keyOf={(decision) => decision.id}
              columns={[
                {
                  key: 'event', head: words.event,
                  cell: (decision) => <Link href={`/decisions/${encodeURIComponent(decision.id)}`}>{capital(pick(decision.label) || decision.name)}</Link>,
                },
                { key: 'member', head: words.member, cell: (decision) => <Link href={`/members/${encodeURIComponent(decision.member)}`}>{decision.member}</Link> },
                { key: 'at', head: words.at, cell: (decision) => <Time at={decision.as_of} /> },
                { key: 'outcomes', head: words.outcomes, wide: true, cell: (decision) => <Outcomes decision={decision} /> },
              ]}
            />
          </div>
          <More list={list} />
          <ZoneNote />
        </>
      )}
    </PageFrame>
  )
}
