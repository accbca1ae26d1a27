import { Chip, ResultChip } from '../../components/Chip'
import { Time } from '../../components/Time'
import { TraceTree, WouldMatch } from '../../components/TraceTree'
import { inLanguage } from '../../core/language'
import type { Evaluated, Outcome } from '../../core/types'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'

/** Each decision with what came of it, why, and what was read. */
export function TryResult({ result }: { result: Evaluated }) {
  const { language } = useEditing()
  const say = useSay()
  const decisions = result.decisions.filter((one) => one.outcomes.length > 0)
  return (
    <div className="re-result">
      <h3>{say('decisions')}</h3>
      {decisions.length === 0 && <p className="re-nothing">{say('nothing')}</p>}
      <ol>
        {decisions.map((one, at) => (
          <li key={at} className="re-decision">
            <p className="re-decision-head">
              <Time at={one.as_of} />
              <b>{inLanguage(one.event.label, language) || one.event.name}</b>
            </p>
            {one.outcomes.map((outcome, index) => <Came key={index} outcome={outcome} />)}
          </li>))}
      </ol>
      {result.member.tags.length > 0 && (
        <>
          <h3>{say('tags')}</h3>
          <p className="re-chips">{result.member.tags.map((one) => <Chip key={one.tag} tone="violet" title={one.tag}>{inLanguage(one.name, language) || one.tag}</Chip>)}</p>
        </>)}
    </div>
  )
}

function Came({ outcome }: { outcome: Outcome }) {
  const { language } = useEditing()
  return (
    <div className="re-outcome">
      <p><ResultChip result={outcome.result} /> {inLanguage(outcome.reason, language)}</p>
      {outcome.trace !== null && <TraceTree trace={outcome.trace} />}
      <WouldMatch change={outcome.change} />
      <ul className="re-effects">
        {outcome.effects.map((one, at) => <li key={at}><Icon name="play" size={12} /><span>{inLanguage(one.text, language)}</span></li>)}
      </ul>
    </div>
  )
}
