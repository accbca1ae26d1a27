import { useState } from 'react'
import { asError, useLoading } from '../app/loading'
import { useMay } from '../app/session'
import { Busy } from '../components/Busy'
import { Button, ButtonLink } from '../components/Button'
import { Dialog } from '../components/Dialog'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { PageFrame } from '../components/PageFrame'
import { api, type RuleStatus, type RuleSummary } from '../core/api'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'
import { RuleCard } from './RuleCard'

const STATUSES: RuleStatus[] = ['live', 'preparing', 'paused', 'draft']

function matches(rule: RuleSummary, words: string, status: string): boolean {
  if (status !== '' && rule.status !== status) return false
  const all = [rule.key, rule.name.en, rule.name['zh-Hans'], rule.sentence?.en, rule.sentence?.['zh-Hans'], ...rule.covers]
  const text = all.join(' ').toLowerCase()
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}

export function RulesPage() {
  const messages = usePageMessages()
  const { pick } = useLanguage()
  const may = useMay()
  const { data, error, reload, set } = useLoading('rules', api.rules)
  const [words, setWords] = useState('')
  const [status, setStatus] = useState('')
  const [pausing, setPausing] = useState<RuleSummary | null>(null)
  const [said, setSaid] = useState('')
  const [failed, setFailed] = useState<Error | null>(null)

  const change = async (rule: RuleSummary, what: 'pause' | 'resume') => {
    setPausing(null)
    setFailed(null)
    setSaid('')
    try {
      const changed = await api[what](rule.key)
      if (data) set({ items: data.items.map((one) => (one.key === rule.key ? { ...one, ...changed } : one)) })
      setSaid((what === 'pause' ? messages.rules.paused : messages.rules.resumed)(pick(rule.name)))
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  const shown = data?.items.filter((rule) => matches(rule, words.trim(), status)) ?? []
  return (
    <PageFrame
      title={messages.rules.title}
      lead={messages.rules.lead}
      actions={may.write && <ButtonLink kind="primary" href="/rules/new">{messages.rules.create}</ButtonLink>}
    >
      {error && <ErrorNote error={error} onRetry={reload} />}
      {failed && <ErrorNote error={failed} />}
      <div role="status">{said && <p className="note note-done filters">{said}</p>}</div>
      {!data && !error && <Busy />}
      {data && data.items.length > 0 && (
        <search className="filters">
          <div className="field field-wide">
            <label htmlFor="rules-search">{messages.rules.search}</label>
            <input id="rules-search" type="search" className="input" placeholder={messages.rules.searchHint} value={words} onChange={(event) => setWords(event.target.value)} />
          </div>
          <div className="field">
            <label htmlFor="rules-status">{messages.rules.status}</label>
            <select id="rules-status" className="select" value={status} onChange={(event) => setStatus(event.target.value)}>
              <option value="">{messages.all}</option>
              {STATUSES.map((one) => <option key={one} value={one}>{messages.ruleStates[one]}</option>)}
            </select>
          </div>
        </search>
      )}
      {data && data.items.length === 0 && (
        <EmptyState title={messages.rules.empty} text={may.write ? messages.rules.emptyText : messages.rules.emptyReader}>
          {may.write && <ButtonLink kind="primary" href="/rules/new">{messages.rules.create}</ButtonLink>}
        </EmptyState>
      )}
      {data && data.items.length > 0 && shown.length === 0 && (
        <EmptyState title={messages.rules.noMatch} text={messages.rules.noMatchText} />
      )}
      <ul className="rule-list">
        {shown.map((rule) => (
          <RuleCard key={rule.key} rule={rule} onPause={() => setPausing(rule)} onResume={() => void change(rule, 'resume')} />
        ))}
      </ul>
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
