import { useState } from 'react'
import { capital } from '../../app/names'
import { useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { ResultChip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { Properties } from '../../components/Properties'
import { Time } from '../../components/Time'
import { TraceTree, WouldMatch } from '../../components/TraceTree'
import { useLanguage } from '../../core/language'
import type { Outcome } from '../../core/types'
import { library, type LibraryDetail, type Played, type Step } from './api'
import { passing } from './passing'
import { useWords } from './words'

/** An example as it is lived: one thing after the other, with what the rule makes of it and why. */
export function Player({ rule }: { rule: LibraryDetail }) {
  const words = useWords()
  const [chosen, setChosen] = useState(0)
  const { data, error, loading, reload } = useLoading(`${rule.key} ${chosen}`, () => library.play(rule.key, chosen))
  const caption = ({ shows, name }: LibraryDetail['examples'][number], at: number): string => words.caption(at + 1, shows ? words.shows[shows] : '', name)
  const example = rule.examples[chosen]
  return (
    <section className="card" aria-labelledby="library-play">
      <h2 id="library-play">{words.examples}</h2>
      <div className="field">
        <label htmlFor="library-example">{words.example}</label>
        <select id="library-example" className="select" value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
          {rule.examples.map((one, at) => <option key={at} value={at}>{caption(one, at)}</option>)}
        </select>
      </div>
      {/* An example has a name in English only; in another language it is called by its number. */}
      {example && !caption(example, chosen).includes(example.name) && <p className="quiet small" lang="en">{example.name}</p>}
      {error && <ErrorNote error={error} onRetry={reload} />}
      {loading && <Busy />}
      {data && !loading && <Timeline key={chosen} played={data} />}
    </section>
  )
}

function Timeline({ played }: { played: Played }) {
  const words = useWords()
  const [shown, setShown] = useState(1)
  const { steps, until } = played
  const last = steps.at(-1)
  const over = shown >= steps.length
  return (
    <>
      <div className="library-controls">
        <Button kind="primary" disabled={over} onClick={() => setShown(shown + 1)}>{words.step}</Button>
        <Button disabled={over} onClick={() => setShown(steps.length)}>{words.everything}</Button>
        <Button disabled={shown <= 1} onClick={() => setShown(1)}>{words.again}</Button>
        <span role="status" className="quiet small">{words.stepOf(Math.min(shown, steps.length), steps.length)}</span>
      </div>
      <ol className="timeline">
        {steps.slice(0, shown).map((step, at) => <Happens key={at} step={step} before={steps[at - 1]} />)}
      </ol>
      {over && until && last && Date.parse(until) > Date.parse(last.as_of) && <p className="quiet small">{words.until} <Time at={until} /></p>}
    </>
  )
}

function Happens({ step, before }: { step: Step; before: Step | undefined }) {
  const words = useWords()
  const { pick, language } = useLanguage()
  const time = before === undefined ? '' : passing(before.as_of, step.as_of, language)
  const acted = step.outcomes.some((one) => one.effects.length > 0)
  return (
    <li className={acted ? 'acted' : undefined}>
      {time !== '' && <p className="library-passes">{words.passes(time)}</p>}
      <div className="timeline-head"><b title={step.event.name}>{capital(pick(step.event.label) || step.event.name)}</b><Time at={step.as_of} /></div>
      <Properties of={step.event} />
      {step.outcomes.map((one, at) => <Came key={at} outcome={one} />)}
      {step.outcomes.length === 0 && <p className="quiet small">{words.nothing}</p>}
    </li>
  )
}

function Came({ outcome }: { outcome: Outcome }) {
  const words = useWords()
  const { pick } = useLanguage()
  return (
    <div className="outcome-line">
      <ResultChip result={outcome.result} />
      <span>{pick(outcome.name)}{pick(outcome.reason) && ` · ${pick(outcome.reason)}`}</span>
      {outcome.effects.length > 0 && <ul className="effects">{outcome.effects.map((one, at) => <li key={at}>{pick(one.text)}</li>)}</ul>}
      {outcome.trace && (
        <details>
          <summary>{words.why}</summary>
          <TraceTree trace={outcome.trace} />
          <WouldMatch change={outcome.change} />
        </details>
      )}
    </div>
  )
}
