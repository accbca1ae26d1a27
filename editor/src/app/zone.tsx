import { createContext, useContext, type ReactNode } from 'react'
import { useNames } from './names'

/** On whose clock times are shown: the programme's, or on a page about one member, that member's. */
const ZoneContext = createContext<string | undefined>(undefined)
export const ZoneProvider = ZoneContext.Provider

/** The zone that times are shown in; undefined while it is not known, when the browser's own is taken. */
export function useZone(): string | undefined {
  return useContext(ZoneContext)
}

export function ProgrammeZone({ children }: { children: ReactNode }) {
  return <ZoneProvider value={useNames().zone}>{children}</ZoneProvider>
}
