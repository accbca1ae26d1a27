import { capital } from '../app/names'
import { Chip, type Tone } from '../components/Chip'
import { useLanguage } from '../core/language'
import type { OutboxItem, OutboxStatus } from '../core/types'
import { usePageMessages } from './messages'

const TONES: Record<OutboxStatus, Tone> = { pending: 'blue', delivered: 'green', dead: 'red', suppressed: 'grey', held: 'violet' }

/** Where something that was to leave stands, and why it did not leave, or has not yet. */
export function Delivery({ item }: { item: OutboxItem }) {
  const { states } = usePageMessages().outbox
  const { pick } = useLanguage()
  return (
    <div>
      <Chip tone={TONES[item.status]}>{states[item.status] ?? item.status}</Chip>
      {item.reason && <p className="small quiet">{capital(pick(item.reason))}</p>}
    </div>
  )
}
