import type { RuleDetail, Session } from '../../core/types'
import type { useMay } from '../../app/session'

/** What comes next on the way to publication, for whoever looks: null if it is somebody else's turn. */
export type NextStep = 'submit' | 'decide' | 'publish' | null

interface Standing {
  may: ReturnType<typeof useMay>
  session: Session
  detail: Pick<RuleDetail, 'approval' | 'approval_needed' | 'authors'> | null
  /** Whether publishing needs approval, for a rule that the server doesn't know yet. */
  needed: boolean
  /** Whether what is seen differs from the draft on the server. */
  changed: boolean
}

/** Whether somebody may decide on a draft: approve it, or send it back. */
export function mayDecide({ may, session, detail }: Pick<Standing, 'may' | 'session' | 'detail'>): boolean {
  return may.approve && detail !== null && !detail.authors.includes(session.name)
}

export function nextStep(standing: Standing): NextStep {
  const { may, detail, changed } = standing
  const stands = changed ? 'none' : detail?.approval ?? 'none'
  if (stands === 'submitted' && mayDecide(standing)) return 'decide'
  if (!may.publish) return null
  if (stands === 'approved' || !(detail?.approval_needed ?? standing.needed)) return 'publish'
  return may.write && stands !== 'submitted' ? 'submit' : null
}
