import { Link } from '../app/router'
import { useMay } from '../app/session'
import { Button, ButtonLink } from '../components/Button'
import { ApprovalChip, Chip, StatusChip } from '../components/Chip'
import { Time, useNumber } from '../components/Time'
import type { RuleSummary } from '../core/api'
import type { Text } from '../core/language'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

/** A rule in the list; `rows` are the titles of what it covers. */
export function RuleCard({ rule, rows, onPause, onResume }: {
  rule: RuleSummary
  rows: Readonly<Record<string, Text>>
  onPause: () => void
  onResume: () => void
}) {
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
          <h3><Link href={`/rules/${encodeURIComponent(rule.key)}`}>{name}</Link></h3>
          <StatusChip status={rule.status} startsAt={rule.starts_at} />
          {rule.has_draft && rule.status !== 'draft' && <Chip tone="amber">{rules.unpublished}</Chip>}
          <ApprovalChip approval={rule.approval} />
          {rule.covers.map((row) => <Chip key={row} tone="violet" title={row}>{pick(rows[row]) || row}</Chip>)}
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
        {may.publish && rule.status === 'live' && (
          <Button small onClick={onPause} aria-label={`${rules.pause}: ${name}`}>{rules.pause}</Button>
        )}
        {may.publish && rule.status === 'paused' && (
          <Button small onClick={onResume} aria-label={`${rules.resume}: ${name}`}>{rules.resume}</Button>
        )}
      </div>
    </li>
  )
}
