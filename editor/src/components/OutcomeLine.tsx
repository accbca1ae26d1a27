import { Link } from '../app/router'
import type { OutcomeBrief } from '../core/types'
import { useLanguage } from '../core/language'
import { ResultChip } from './Chip'

/** The name of the rule, which leads to it. What the programme does by itself, such as at a till, has only a name. */
export function RuleName({ outcome }: { outcome: Pick<OutcomeBrief, 'rule' | 'name'> }) {
  const { pick } = useLanguage()
  const name = pick(outcome.name) || outcome.rule
  return outcome.rule.startsWith('@') ? <b>{name}</b> : <Link href={`/rules/${encodeURIComponent(outcome.rule)}`}>{name}</Link>
}

/** What one rule decided, with its effects in words. */
export function OutcomeLine({ outcome }: { outcome: OutcomeBrief }) {
  const { pick } = useLanguage()
  return (
    <div className="outcome-line">
      <ResultChip result={outcome.result} />
      <RuleName outcome={outcome} />
      {outcome.effects.length > 0 && (
        <ul className="effects">
          {outcome.effects.map((effect, index) => <li key={index}>{pick(effect.text) || effect.type}</li>)}
        </ul>
      )}
    </div>
  )
}

/** A rule that looked and did nothing is counted, not listed: most of them do nothing most of the time. */
export const isTelling = (outcome: OutcomeBrief): boolean =>
  outcome.effects.length > 0 || !['not_matched', 'inactive'].includes(outcome.result)
