import { diff, linesOf } from '../../core/diff'
import type { JsonObject } from '../../core/schema'
import { useEditing } from '../context'
import { useSay } from '../messages'

const MARKS = { same: ' ', added: '+', removed: '−' } as const

/** What the draft changes, as lines in words. */
export function ChangesTab({ rule, published }: { rule: JsonObject; published: JsonObject | null }) {
  const { root, catalogue, language } = useEditing()
  const say = useSay()
  const before = published === null ? [] : linesOf(published, root, catalogue, language)
  const lines = diff(before, linesOf(rule, root, catalogue, language))
  const changed = lines.some((one) => one.mark !== 'same')
  return (
    <div>
      <p className="re-hint">{say(published === null ? 'changesNew' : changed ? 'changesIntro' : 'changesNone')}</p>
      <ul className="re-diff">
        {lines.map((one, at) => (
          <li key={at} className={`re-line-${one.mark}`}>
            <span aria-hidden="true">{MARKS[one.mark]}</span>
            {one.mark !== 'same' && <span className="visually-hidden">{say(one.mark === 'added' ? 'addedLine' : 'removedLine')}: </span>}
            <span className="re-line">{one.text}</span>
          </li>))}
      </ul>
    </div>
  )
}
