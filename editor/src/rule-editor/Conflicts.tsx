import { useEffect, useState } from 'react'
import { ResultChip } from '../components/Chip'
import { Properties } from '../components/Properties'
import { Time } from '../components/Time'
import { api } from '../core/api'
import { inLanguage, saidIn, spoken } from '../core/language'
import type { JsonObject } from '../core/schema'
import type { Conflict, WitnessEntry } from '../core/types'
import { useEditing } from './context'

const TITLE = spoken('Gets in the way of other rules', '与其他规则冲突')
const SHOWN = spoken(
  'Each of these was tried on an invented member, and really happens. You can publish all the same.',
  '以下每一项都已用虚构会员验证，确实会发生。仍可继续发布。')
const WHO = spoken('A member to whom it happens', '会发生此情况的会员')
const BEFORE = spoken('from before the rules', '规则生效前的历史')
const TAGS = spoken('Tags', '标签')
const MORE = spoken('More of them are in the list of conflicts.', '其余冲突见冲突列表。')
const MOST = 5

/** What gets in this rule's way, each time with an invented member who shows it; nothing where nothing does. */
export default function Conflicts({ rule }: { rule: JsonObject }) {
  const { language } = useEditing()
  const [found, setFound] = useState<Conflict[]>([])

  useEffect(() => {
    const asked = new AbortController()
    // Publishing goes on without it: it is a note, and what can't be told is no obstacle.
    api.checkConflicts(rule, asked.signal).then((answer) => setFound(answer.items), () => setFound([]))
    return () => asked.abort()
  }, [rule])

  if (found.length === 0) return null
  return (
    <section className="re-clashes" aria-label={saidIn(TITLE, language)}>
      <h3>{saidIn(TITLE, language)}</h3>
      <p className="re-hint">{saidIn(SHOWN, language)}</p>
      {found.slice(0, MOST).map((one) => (
        <div key={one.id} className="re-clash">
          <p>{inLanguage(one.text, language)}</p>
          <p className="re-hint">{inLanguage(one.fix, language)}</p>
          <details>
            <summary>{saidIn(WHO, language)}</summary>
            <Known of={one} />
            <ol className="re-witness">
              {inShort(one.witness.timeline).map(({ entry, times }, at) => <Happened key={at} entry={entry} times={times} />)}
            </ol>
          </details>
        </div>))}
      {found.length > MOST && <p className="re-hint">{saidIn(MORE, language)}</p>}
    </section>
  )
}

/** The tags that the member has just before. */
function Known({ of }: { of: Conflict }) {
  const { language } = useEditing()
  const { tags } = of.witness.member
  if (tags.length === 0) return null
  return <p className="re-hint">{saidIn(TAGS, language)}: {tags.map((one) => inLanguage(one.name, language) || one.tag).join(', ')}</p>
}

interface Times { entry: WitnessEntry; times: number }

/** The timeline, with history that tells the same again and again on one line, under its first instant. */
function inShort(timeline: WitnessEntry[]): Times[] {
  const found: Times[] = []
  for (const entry of timeline) {
    const last = found.at(-1)
    const again = last !== undefined && entry.mode === 'facts-only' && last.entry.mode === entry.mode
      && last.entry.name === entry.name && JSON.stringify(last.entry.properties) === JSON.stringify(entry.properties)
    if (again) last.times += 1
    else found.push({ entry, times: 1 })
  }
  return found
}

/** One entry of the member's log, with what the rules did on it. */
function Happened({ entry, times }: Times) {
  const { language } = useEditing()
  return (
    <li className={entry.shows ? 're-shows' : undefined}>
      <p className="re-decision-head">
        <Time at={entry.occurred_at} />
        <b>{inLanguage(entry.label, language) || entry.name}{times > 1 && ` × ${String(times)}`}</b>
        {entry.mode === 'facts-only' && <span className="quiet">{saidIn(BEFORE, language)}</span>}
      </p>
      <Properties of={entry} />
      {entry.outcomes.map((one, at) => (
        <div key={at}>
          <ResultChip result={one.result} /> {inLanguage(one.name, language) || one.rule}
          <ul className="re-effects">{one.effects.map((effect, place) => <li key={place}>{inLanguage(effect.text, language)}</li>)}</ul>
        </div>))}
    </li>
  )
}
