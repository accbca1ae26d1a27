import { Link } from '../app/router'
import { useMay } from '../app/session'
import { Button, ButtonLink } from '../components/Button'
import { Chip, StatusChip } from '../components/Chip'
import { Time, useNumber } from '../components/Time'
import type { RuleSummary } from '../core/api'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

export function RuleCard({ rule, onPause, onResume }: { rule: RuleSummary; onPause: () => void; onResume: () => void }) {
  const { rules } = usePageMessages()
  const { pick } = useLanguage()
  const may = useMay()
  const number = useNumber()
  const name = pick(rule.name) || rule.key
  const fired = rule.fired === 0 ? rules.neverFired : rule.fired === 1 ? rules.firedOnce : rules.fired(number(rule.fired))
  return (
    <li className="card rule-card">
      <div>
        <div className="rule-name">
          <h2><Link href={`/rules/${encodeURIComponent(rule.key)}`}>{name}</Link></h2>
          <StatusChip status={rule.status} />
          {rule.has_draft && rule.status !== 'draft' && <Chip tone="amber">{rules.unpublished}</Chip>}
          {rule.covers.map((journey) => <Chip key={journey} tone="violet" title={rules.covers}>{journey}</Chip>)}
        </div>
        <p className="rule-sentence">{pick(rule.sentence) || rules.noSentence}</p>
        <p className="facts">
          {rule.status !== 'draft' && <span>{fired}</span>}
          {rule.version ? <span>{rules.version(rule.version)}</span> : null}
          <span>{rules.priority(rule.priority)}</span>
          <span>{rules.changed(rule.changed_by)} <Time at={rule.changed_at} /></span>
        </p>
      </div>
      <div className="rule-side">
        {rule.status !== 'draft' && (
          <ButtonLink small href={`/decisions?rule=${encodeURIComponent(rule.key)}`} aria-label={`${rules.decisions}: ${name}`}>{rules.decisions}</ButtonLink>
        )}
        {may.write && rule.status === 'live' && (
          <Button small onClick={onPause} aria-label={`${rules.pause}: ${name}`}>{rules.pause}</Button>
        )}
        {may.write && rule.status === 'paused' && (
          <Button small onClick={onResume} aria-label={`${rules.resume}: ${name}`}>{rules.resume}</Button>
        )}
      </div>
    </li>
  )
}
