import { ResultChip } from '../components/Chip'
import { RuleName } from '../components/OutcomeLine'
import { TraceTree, WouldMatch } from '../components/TraceTree'
import type { Outcome } from '../core/api'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

export function DecisionOutcome({ outcome }: { outcome: Outcome }) {
  const messages = usePageMessages()
  const { decision: words } = messages
  const { pick } = useLanguage()
  const step = outcome.step
  return (
    <article className="outcome">
      <div className="row">
        <ResultChip result={outcome.result} />
        <h3><RuleName outcome={outcome} /></h3>
        <span className="quiet small">
          {outcome.version > 0 && messages.rules.version(outcome.version)}
          {step !== null && step !== undefined && step > 0 && <> · {words.step(step + 1)}</>}
        </span>
      </div>
      {pick(outcome.reason) && <p>{pick(outcome.reason)}</p>}
      {outcome.effects.length > 0 && (
        <div>
          <p className="outcome-title">{words.effects}</p>
          <ul className="effects">
            {outcome.effects.map((effect, index) => <li key={index}>{pick(effect.text) || effect.type}</li>)}
          </ul>
        </div>
      )}
      {outcome.trace && (
        <div>
          <p className="outcome-title">{words.trace}</p>
          <TraceTree trace={outcome.trace} />
          <WouldMatch change={outcome.change} />
        </div>
      )}
    </article>
  )
}
