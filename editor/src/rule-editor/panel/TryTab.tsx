import { useState } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { api } from '../../core/api'
import type { JsonObject } from '../../core/schema'
import type { Evaluated } from '../../core/types'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { MomentInput, StoryEvent } from './StoryEvent'
import { callsOf, examplesOf, storyOf, told, type Story } from './story'
import { TryResult } from './TryResult'

/** What the rule would do to an invented member, worked out by the engine itself; nothing is written. */
export function TryTab({ rule }: { rule: JsonObject }) {
  const say = useSay()
  const examples = examplesOf(rule)
  const [story, setStory] = useState<Story>(() => examples[0]?.story ?? storyOf(rule))
  const [result, setResult] = useState<Evaluated | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [busy, setBusy] = useState(false)

  const run = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const { examples: _, ...said } = rule
      setResult(await api.evaluate({ rules: [said], given: callsOf(story), ...(story.until === '' ? {} : { until: story.until }) }))
    } catch (problem) {
      setResult(null)
      setError(asError(problem))
    } finally {
      setBusy(false)
    }
  }
  const add = (): void => {
    const before = story.events.at(-1)
    setStory({ ...story, events: [...story.events, told('track', before?.event || 'Order Completed', before?.timestamp ?? story.until)] })
  }

  return (
    <div className="re-try">
      <p className="re-hint">{say('tryIntro')}</p>
      {examples.length > 0 && (
        <label className="re-leaf"><span className="re-label">{say('example')}</span>
          <select className="re-input" defaultValue="0" onChange={(event) => {
            const chosen = examples[Number(event.target.value)]
            if (chosen !== undefined) setStory(chosen.story)
            setResult(null)
          }}>
            {examples.map((one, at) => <option key={at} value={at}>{one.name}</option>)}
          </select>
        </label>)}
      {story.events.map((one, at) => (
        <StoryEvent key={one.id} told={one} number={at + 1}
          onChange={(made) => setStory({ ...story, events: story.events.map((other) => (other.id === one.id ? made : other)) })}
          onRemove={() => setStory({ ...story, events: story.events.filter((other) => other.id !== one.id) })} />))}
      <button type="button" className="re-button re-quiet" onClick={add}><Icon name="plus" size={15} />{say('addEvent')}</button>
      <div className="re-leaf"><span className="re-label">{say('until')}</span>
        <MomentInput label={say('until')} value={story.until} onChange={(until) => setStory({ ...story, until })} />
      </div>
      <Button kind="primary" disabled={busy} onClick={() => void run()}>{say(busy ? 'running' : 'run')}</Button>
      <div role="status">
        {error !== null && <ErrorNote error={error} />}
        {result !== null && <TryResult result={result} />}
      </div>
    </div>
  )
}
