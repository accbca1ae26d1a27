import { useZone } from '../app/zone'
import { momentText } from '../core/instant'
import { useLanguage, type Text } from '../core/language'
import type { Json, SmallestChange, TraceNode } from '../core/types'
import { useMessages } from '../messages'

export function Mark({ holds }: { holds: boolean }) {
  const messages = useMessages()
  return (
    <span className={holds ? 'mark mark-yes' : 'mark mark-no'} role="img" aria-label={holds ? messages.trace.holds : messages.trace.fails}>
      {holds ? '✓' : '✗'}
    </span>
  )
}

/** How a value reads; an instant on the clock of the page's zone. */
export function useValueText(): (value: Json | undefined) => string {
  const messages = useMessages()
  const { language } = useLanguage()
  const zone = useZone()
  const said = (value: Json | undefined): string => {
    if (value === null || value === undefined) return messages.trace.missing
    if (value === true) return messages.yes
    if (value === false) return messages.no
    if (Array.isArray(value)) return value.length === 0 ? messages.none : value.map(said).join(', ')
    return typeof value === 'object' ? JSON.stringify(value) : momentText(String(value), language, zone)
  }
  return said
}

/** A value that was read: what people call a tag, a level or a segment, with its key as the tooltip. */
function Read({ value, names = {} }: { value: Json | undefined; names?: Readonly<Record<string, Text>> | undefined }) {
  const said = useValueText()
  const { pick } = useLanguage()
  if (Array.isArray(value) && value.length > 0) {
    return value.map((one, index) => <span key={index}>{index > 0 && ', '}<Read value={one} names={names} /></span>)
  }
  const name = typeof value === 'string' ? pick(names[value]) : ''
  return name === '' ? said(value) : <span title={String(value)}>{name}</span>
}

function Node({ node }: { node: TraceNode }) {
  const messages = useMessages()
  const { pick } = useLanguage()
  const group = node.type === 'all' || node.type === 'any' || node.type === 'not'
  const parts = node.of ?? []
  return (
    <li className={`trace-node trace-${node.type}`}>
      <div className="trace-line">
        <Mark holds={node.holds} />
        <div className="trace-words">
          <span className={group && parts.length > 0 ? 'trace-group' : undefined}>
            {group && parts.length > 0 ? messages.trace.groups[node.type as 'all' | 'any' | 'not'] : pick(node.text)}
          </span>
          {!group && (
            <span className="trace-read">
              {messages.trace.read} <b>{node.missing ? messages.trace.missing : <Read value={node.read} names={node.names} />}</b>
            </span>
          )}
        </div>
      </div>
      {parts.length > 0 && <ul>{parts.map((part, index) => <Node key={part.path || index} node={part} />)}</ul>}
    </li>
  )
}

/** How each condition read: whether it held, and the value it saw. */
export function TraceTree({ trace }: { trace: TraceNode }) {
  return <ul className="trace"><Node node={trace} /></ul>
}

/** What would have had to be different for a rule to match, and what it was. */
export function WouldMatch({ change }: { change: SmallestChange | null }) {
  const messages = useMessages()
  const { pick } = useLanguage()
  if (change === null || change.changes.length === 0) return null
  return (
    <div className="would-match">
      <p>{change.proven ? messages.trace.least : messages.trace.enough}</p>
      <ul>
        {change.changes.map((one) => (
          <li key={one.fact}>{pick(one.text)} <span className="trace-read">{messages.trace.was} <b><Read value={one.before} names={one.names} /></b></span></li>))}
      </ul>
    </div>
  )
}
