import { useState } from 'react'
import { asError, useSettled } from '../app/loading'
import { usePaging } from '../app/paging'
import { useMay } from '../app/session'
import { Busy } from '../components/Busy'
import { Button, ButtonLink } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { More } from '../components/More'
import { PageFrame } from '../components/PageFrame'
import { useNumber } from '../components/Time'
import { api, type ListedRule, type RulePage, type RuleStatus, type RuleSummary } from '../core/api'
import { useLanguage } from '../core/language'
import { useMessages } from '../messages'
import { usePageMessages } from './messages'
import { RuleCard } from './RuleCard'

const STATUSES: RuleStatus[] = ['live', 'preparing', 'paused', 'draft']
const WAITING = 'submitted'
type About = Pick<RulePage, 'total' | 'statuses' | 'purposes' | 'rows'>

/** Rules that stand together because they are for the same thing. */
function grouped(rules: readonly ListedRule[]): { purpose: string; rules: ListedRule[] }[] {
  const groups: { purpose: string; rules: ListedRule[] }[] = []
  for (const rule of rules) {
    const last = groups.at(-1)
    if (last?.purpose === rule.purpose) last.rules.push(rule)
    else groups.push({ purpose: rule.purpose, rules: [rule] })
  }
  return groups
}

export function RulesPage() {
  const messages = usePageMessages()
  const { approvals } = useMessages()
  const { pick } = useLanguage()
  const number = useNumber()
  const may = useMay()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim())
  // The home page leads to those that wait for approval.
  const [status, setStatus] = useState(() => new URLSearchParams(location.search).get('status') ?? '')
  const [purpose, setPurpose] = useState('')
  const [about, setAbout] = useState<About | null>(null)
  const list = usePaging(JSON.stringify([search, status, purpose]), async (after) => {
    const page = await api.rules({ search, status, purpose, after })
    setAbout((before) => ({ ...page, rows: { ...before?.rows, ...page.rows } }))
    return page
  })
  const [pausing, setPausing] = useState<RuleSummary | null>(null)
  const [said, setSaid] = useState('')
  const [failed, setFailed] = useState<Error | null>(null)

  const change = async (rule: RuleSummary, what: 'pause' | 'resume') => {
    setPausing(null)
    setFailed(null)
    setSaid('')
    try {
      const changed = await api[what](rule.key)
      list.change((items) => items.map((one) => (one.key === rule.key ? { ...one, ...changed } : one)))
      setSaid((what === 'pause' ? messages.rules.paused : messages.rules.resumed)(pick(rule.name)))
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  const filtered = search !== '' || status !== '' || purpose !== ''
  const titles = new Map(about?.purposes.map((one) => [one.key, pick(one.title)]))
  const none = list.items?.length === 0
  return (
    <PageFrame
      title={messages.rules.title}
      lead={messages.rules.lead}
      actions={may.write && <><ButtonLink href="/library">{messages.rules.fromLibrary}</ButtonLink><ButtonLink kind="primary" href="/rules/new">{messages.rules.create}</ButtonLink></>}
    >
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {failed && <ErrorNote error={failed} />}
      <div role="status">{said && <p className="note note-done filters">{said}</p>}</div>
      {!list.items && !list.error && <Busy />}
      {about && (filtered || !none) && (
        <search className="filters">
          <div className="field field-wide">
            <label htmlFor="rules-search">{messages.rules.search}</label>
            <input id="rules-search" type="search" className="input" placeholder={messages.rules.searchHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
          </div>
          <div className="field">
            <label htmlFor="rules-purpose">{messages.rules.purpose}</label>
            <select id="rules-purpose" className="select" value={purpose} onChange={(event) => setPurpose(event.target.value)}>
              <option value="">{messages.all}</option>
              {purpose !== '' && !titles.has(purpose) && <option value={purpose}>–</option>}
              {about.purposes.map((one) => <option key={one.key} value={one.key}>{`${pick(one.title)} (${number(one.rules)})`}</option>)}
            </select>
          </div>
          <div className="field">
            <label htmlFor="rules-status">{messages.rules.status}</label>
            <select id="rules-status" className="select" value={status} onChange={(event) => setStatus(event.target.value)}>
              <option value="">{messages.all}</option>
              {STATUSES.map((one) => <option key={one} value={one}>{`${messages.ruleStates[one]} (${number(about.statuses[one] ?? 0)})`}</option>)}
              <option value={WAITING}>{`${approvals[WAITING]} (${number(about.statuses[WAITING] ?? 0)})`}</option>
            </select>
          </div>
        </search>
      )}
      {none && !filtered && (
        <EmptyState title={messages.rules.empty} text={may.write ? messages.rules.emptyText : messages.rules.emptyReader}>
          {may.write && <ButtonLink kind="primary" href="/rules/new">{messages.rules.create}</ButtonLink>}
          {may.write && <ButtonLink href="/library">{messages.rules.fromLibrary}</ButtonLink>}
        </EmptyState>
      )}
      {none && filtered && <EmptyState title={messages.rules.noMatch} text={messages.rules.noMatchText} />}
      {about && grouped(list.items ?? []).map((group) => (
        <section key={group.purpose} className="rule-group">
          <h2>{titles.get(group.purpose) ?? group.purpose}</h2>
          <ul className="rule-list">
            {group.rules.map((rule) => (
              <RuleCard key={rule.key} rule={rule} rows={about.rows} onPause={() => setPausing(rule)} onResume={() => void change(rule, 'resume')} />
            ))}
          </ul>
        </section>
      ))}
      <More list={list} />
      {about && !none && <p className="page-note" role="status">{messages.rules.shown(number(list.items?.length ?? 0), number(about.total))}</p>}
      {pausing && (
        <Dialog
          title={messages.rules.pauseTitle(pick(pausing.name))}
          onClose={() => setPausing(null)}
          actions={
            <>
              <Button onClick={() => setPausing(null)}>{messages.cancel}</Button>
              <Button kind="primary" onClick={() => void change(pausing, 'pause')}>{messages.rules.pause}</Button>
            </>
          }
        >
          <p>{messages.rules.pauseText}</p>
        </Dialog>
      )}
    </PageFrame>
  )
}
