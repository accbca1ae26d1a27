import { useEffect, useState } from 'react'
import { useLoading, useSettled } from '../app/loading'
import { capital } from '../app/names'
import { usePaging } from '../app/paging'
import { Link, navigate, useAddress } from '../app/router'
import { useZone } from '../app/zone'
import { Busy } from '../components/Busy'
import { ButtonLink } from '../components/Button'
import { Said } from '../components/DayField'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { More } from '../components/More'
import { isTelling, OutcomeLine } from '../components/OutcomeLine'
import { PageFrame } from '../components/PageFrame'
import { Table } from '../components/Table'
import { Time, ZoneNote } from '../components/Time'
import { api, query, type DecisionSummary, type Result } from '../core/api'
import { fromLocal, toLocal } from '../core/instant'
import { useLanguage } from '../core/language'
import { useMessages } from '../messages'
import { usePageMessages } from './messages'

function Outcomes({ decision }: { decision: DecisionSummary }) {
  const messages = usePageMessages()
  const telling = decision.outcomes.filter(isTelling)
  if (decision.outcomes.length === 0) return <span className="quiet">{messages.decisions.none}</span>
  if (telling.length === 0) return <span className="quiet">{messages.member.nothingFired(decision.outcomes.length)}</span>
  return <div>{telling.map((outcome, index) => <OutcomeLine key={index} outcome={outcome} />)}</div>
}

const FILTERS = ['rule', 'member', 'from', 'until', 'outcome'] as const
type Filters = Record<(typeof FILTERS)[number], string>

const TOGETHER = ['acted', 'suppressed', 'ended'] as const
const RESULTS: readonly Result[] = [
  'fired', 'resumed', 'reached', 'done', 'held_out', 'limited', 'late', 'inactive', 'waiting', 'refused', 'exited', 'ended', 'moved',
]

/** The filters live in the address, so that a filtered list can be sent to somebody. */
export function DecisionsPage() {
  const messages = usePageMessages()
  const { decisions: words } = messages
  const { pick } = useLanguage()
  const { search } = useAddress()
  const asked = Object.fromEntries(FILTERS.map((name) => [name, search.get(name) ?? ''])) as Filters
  const go = (change: Partial<Filters>): void => navigate(`/decisions${query({ ...asked, ...change })}`, { replace: true })
  const settled = useSettled(JSON.stringify(asked))
  const list = usePaging(settled, (before) => api.decisions({ ...(JSON.parse(settled) as Filters), before }))
  const filtered = FILTERS.some((name) => asked[name] !== '')
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <Filtering asked={asked} go={go} />
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && (
        <EmptyState title={filtered ? words.noMatch : words.empty} text={filtered ? words.noMatchText : words.emptyText} />
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

function Filtering({ asked, go }: { asked: Filters; go: (change: Partial<Filters>) => void }) {
  const { decisions: words } = usePageMessages()
  const { results } = useMessages()
  const { pick } = useLanguage()
  const rules = useLoading('rule names', api.ruleNames)
  const known = rules.data?.items ?? []
  const { rule, outcome } = asked
  return (
    <search className="filters filters-top">
      <div className="field">
        <label htmlFor="decisions-rule">{words.rule}</label>
        <select id="decisions-rule" className="select" value={rule} onChange={(event) => go({ rule: event.target.value })}>
          <option value="">{words.anyRule}</option>
          {rule !== '' && !known.some((one) => one.key === rule) && <option value={rule}>{rule}</option>}
          {known.map((one) => <option key={one.key} value={one.key}>{pick(one.name) || one.key}</option>)}
        </select>
      </div>
      <MemberField member={asked.member} onChange={(member) => go({ member })} />
      <div className="field">
        <label htmlFor="decisions-outcome">{words.outcome}</label>
        <select id="decisions-outcome" className="select" value={outcome} onChange={(event) => go({ outcome: event.target.value })}>
          <option value="">{words.anyOutcome}</option>
          {TOGETHER.map((one) => <option key={one} value={one}>{words.together[one]}</option>)}
          <optgroup label={words.oneResult}>{RESULTS.map((one) => <option key={one} value={one}>{results[one]}</option>)}</optgroup>
        </select>
      </div>
      <MomentField id="decisions-from" label={words.from} at={asked.from} onChange={(from) => go({ from })} />
      <MomentField id="decisions-until" label={words.until} at={asked.until} onChange={(until) => go({ until })} />
      {Object.values(asked).some(Boolean) && <ButtonLink kind="quiet" href="/decisions">{words.clear}</ButtonLink>}
    </search>
  )
}

/** The member whose decisions are shown; it is looked for once nothing has been typed for a while. */
function MemberField({ member, onChange }: { member: string; onChange: (member: string) => void }) {
  const { decisions: words } = usePageMessages()
  const [typed, setTyped] = useState(member)
  const settled = useSettled(typed.trim(), 400)
  useEffect(() => {
    if (settled !== member) onChange(settled)
    // Only what was typed leads on; a change of the address alone must not lead back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled])
  useEffect(() => {
    if (settled !== member) setTyped(member)
    // An address that was led to from elsewhere, such as by taking all filters off.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [member])
  return (
    <div className="field">
      <label htmlFor="decisions-member">{words.member}</label>
      <input id="decisions-member" type="search" className="input" placeholder={words.memberHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </div>
  )
}

/** A day and time on the programme's clock; the address keeps the instant. */
function MomentField({ id, label, at, onChange }: { id: string; label: string; at: string; onChange: (at: string) => void }) {
  const zone = useZone() ?? 'UTC'
  const local = toLocal(at, zone)?.slice(0, 19) ?? ''
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="datetime-local" step={local === '' || local.endsWith(':00') ? 60 : 1} className="input" value={local} aria-describedby={`${id}-said`}
        onChange={(event) => onChange(fromLocal(event.target.value, zone) ?? '')} />
      <Said id={`${id}-said`} value={local} />
    </div>
  )
}
