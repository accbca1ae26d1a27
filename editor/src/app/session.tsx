import { createContext, useContext } from 'react'
import type { Role, Session } from '../core/types'

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Pages are only shown to somebody who is. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('no session above this component')
  return session
}

export interface May {
  readonly write: boolean
  readonly approve: boolean
  readonly publish: boolean
  readonly replay: boolean
  readonly administer: boolean
}

const MAY: Record<Role, readonly (keyof May)[]> = {
  marketer: ['write', 'publish'],
  approver: ['approve', 'publish'],
  auditor: ['replay'],
  administrator: ['write', 'approve', 'publish', 'replay', 'administer'],
}

export function mayOf(role: Role): May {
  const may = (what: keyof May): boolean => MAY[role].includes(what)
  return { write: may('write'), approve: may('approve'), publish: may('publish'), replay: may('replay'), administer: may('administer') }
}

/** What the role may do. The server decides; this only hides what it would refuse. */
export function useMay(): May {
  return mayOf(useSession().role)
}
