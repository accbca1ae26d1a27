import type { ReactNode } from 'react'
import type { Approval, Result, RuleStatus } from '../core/types'
import { useZone } from '../app/zone'
import { momentText } from '../core/instant'
import { useLanguage } from '../core/language'
import { useMessages } from '../messages'

export type Tone = 'grey' | 'green' | 'amber' | 'red' | 'blue' | 'violet'

export function Chip({ tone = 'grey', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return <span className={`chip chip-${tone}`} title={title}>{children}</span>
}

const STATUS_TONES: Record<RuleStatus, Tone> = { draft: 'amber', preparing: 'blue', live: 'green', paused: 'grey' }

/** How a rule stands; one that is in force only later is scheduled until then. */
export function StatusChip({ status, startsAt = null }: { status: RuleStatus; startsAt?: string | null }) {
  const { language } = useLanguage()
  const { ruleStates } = useMessages()
  const zone = useZone()
  if (status === 'live' && startsAt !== null) return <Chip tone="blue" title={momentText(startsAt, language, zone)}>{ruleStates.scheduled}</Chip>
  return <Chip tone={STATUS_TONES[status]}>{ruleStates[status]}</Chip>
}

const APPROVAL_TONES = { submitted: 'blue', approved: 'green', sent_back: 'red' } as const

/** Where the approval of a draft stands; nothing while nobody was asked for it. */
export function ApprovalChip({ approval }: { approval: Approval }) {
  const { approvals } = useMessages()
  return approval === 'none' ? null : <Chip tone={APPROVAL_TONES[approval]}>{approvals[approval]}</Chip>
}

const RESULT_TONES: Record<Result, Tone> = {
  fired: 'green', resumed: 'green', waiting: 'blue', not_matched: 'grey', held_out: 'violet', limited: 'amber',
  late: 'amber', inactive: 'grey', exited: 'grey', ended: 'grey', reached: 'green', moved: 'grey', refused: 'red', done: 'green',
}

export function ResultChip({ result }: { result: Result }) {
  return <Chip tone={RESULT_TONES[result] ?? 'grey'}>{useMessages().results[result] ?? result}</Chip>
}
