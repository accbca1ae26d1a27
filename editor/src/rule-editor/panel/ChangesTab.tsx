import { changes } from '../../core/diff'
import { field, labelOf, withoutNull, type JsonObject } from '../../core/schema'
import { useEditing } from '../context'
import { messages, useSay, type Message } from '../messages'

const MARKS = { same: ' ', added: '+', removed: '−' } as const

interface ChangesProps {
  rule: JsonObject
  published: JsonObject | null
  /** Where two versions are compared, the number of the older. */
  against?: number
}

/** What the draft changes, field by field, in words. */
export function ChangesTab({ rule, published, against }: ChangesProps) {
  const { root, catalogue, language } = useEditing()
  const say = useSay()
  const found = changes(published, rule, root, catalogue, language)
  const titleOf = (name: string): string => {
    const own = field(root, name)
    const title = labelOf(own['x-title'] ?? withoutNull(own, root)['x-title'], language)
    return name in messages ? say(name as Message) : title || name
  }
  return (
    <div className="re-changes">
      {against === undefined && <p className="re-hint">{say(published === null ? 'changesNew' : found.length > 0 ? 'changesIntro' : 'changesNone')}</p>}
      {found.map((change) => (
        <section key={change.field}>
          <h3>{titleOf(change.field)}</h3>
          <ul className="re-diff">
            {change.lines.map((one, at) => (
              <li key={at} className={`re-line-${one.mark}`}>
                <span aria-hidden="true">{MARKS[one.mark]}</span>
                <span className="visually-hidden">{say(one.mark === 'added' ? 'addedLine' : 'removedLine')}: </span>
                <span className="re-line">{one.text}</span>
              </li>))}
          </ul>
        </section>))}
    </div>
  )
}
