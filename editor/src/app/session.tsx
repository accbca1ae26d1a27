import { createContext, useContext } from 'react'
import type { Role, Session } from '../core/api'

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Pages are only shown to somebody who is. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('no session above this component')
  return session
}

const MARKETING: readonly Role[] = ['marketer', 'administrator']
const AUDITING: readonly Role[] = ['auditor', 'administrator']

/** What the role may do. The server decides; this only hides what it would refuse. */
export function useMay(): { write: boolean; replay: boolean } {
  const { role } = useSession()
  return { write: MARKETING.includes(role), replay: AUDITING.includes(role) }
}
