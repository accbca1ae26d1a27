import { Link } from '../../../app/router'
import { useZone } from '../../../app/zone'
import { Mark, TraceTree, WouldMatch } from '../../../components/TraceTree'
import { Chip } from '../../../components/Chip'
import { Time } from '../../../components/Time'
import { momentText } from '../../../core/instant'
import { useLanguage } from '../../../core/language'
import { capital } from '../../../app/names'
import { readingsOf } from './readings'
import type { Check, Why } from './types'
import { useWhyWords } from './words'

/** The answer: in a sentence, and as the list of everything that decides it. */
export function WhyAnswer({ why, ruleName }: { why: Why; ruleName: (key: string) => string }) {
  const words = useWhyWords()
  const { pick } = useLanguage()
  const blocking = why.checks.findIndex((one) => one.state === 'fails')
  const facts = (why.change ? [why.change, ...why.change.further] : []).flatMap((one) => one.facts ?? [])
  return (
    <div className="why-answer">
      <p className={why.fires ? 'why-verdict why-fired' : 'why-verdict'} role="status"><Mark holds={why.fires} /><span>{pick(why.text)}</span></p>
      {why.basis === 'supposed' && why.version !== null && <p className="small quiet">{words.supposed}{why.would_fire && <> <b>{words.wouldFire}</b></>}</p>}
      <Stood why={why} />
      {facts.length > 0 && (
        <div>
          <h3 className="why-head">{words.change}</h3>
          {facts.map((one, at) => <WouldMatch key={at} change={one} />)}
        </div>
      )}
      <h3 className="why-head">{words.why}</h3>
      <ol className="why-checks">
        {why.checks.map((one, index) => <Line key={one.kind} check={one} first={index === blocking} ruleName={ruleName} />)}
      </ol>
    </div>
  )
}

/** Under which version it was asked, and when last. */
function Stood({ why }: { why: Why }) {
  const words = useWhyWords()
  const { pick } = useLanguage()
  return (
    <dl className="pairs">
      <dt>{words.inForce}</dt>
      <dd>{why.version === null ? words.nothing : <Link href={`/rules/${encodeURIComponent(why.rule)}`}>{pick(why.name) || why.rule}, {words.version(why.version)}</Link>}</dd>
      <dt>{words.asked}</dt>
      <dd>
        {why.asked === null ? words.never : (
          <>
            <Time at={why.asked.as_of} /> · {pick(why.asked.text)}{pick(why.asked.reason) && <>: {pick(why.asked.reason)}</>} ·{' '}
            <Link href={`/decisions/${why.asked.sequence}`}>{words.decision}</Link>
          </>
        )}
      </dd>
    </dl>
  )
}

function Line({ check, first, ruleName }: { check: Check; first: boolean; ruleName: (key: string) => string }) {
  const words = useWhyWords()
  const { language, pick } = useLanguage()
  const zone = useZone()
  const readings = readingsOf(check, { words: words.read, moment: (at) => momentText(at, language, zone), rule: ruleName })
  return (
    <li className={`why-check${first ? ' why-first' : ''}${check.state === 'not_reached' ? ' why-behind' : ''}`}>
      <div className="why-line">
        {check.state === 'not_reached' ? <span className="mark why-dash" role="img" aria-label={words.notReached} title={words.notReached}>–</span> : <Mark holds={check.state === 'holds'} />}
        <div className="why-said">
          <p>
            <b>{pick(check.name)}</b>
            {check.state === 'fails' && pick(check.text) && <> · {pick(check.text)}</>}
            {first && <> <Chip tone="red">{words.first}</Chip></>}
            {check.assumed && <> <Chip>{words.assumed}</Chip></>}
          </p>
          {readings.length > 0 && <p className="holder">{capital(readings.join(' · '))}</p>}
          {check.trace && check.state !== 'not_reached' && <TraceTree trace={check.trace} />}
        </div>
      </div>
    </li>
  )
}
