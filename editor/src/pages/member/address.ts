/** What a member's page shows besides the member of now: the address keeps it, so that it can be sent to somebody. */
export interface Looking {
  /** Key of the rule that is asked about; empty while none is chosen, null while nothing is asked. */
  why: string | null
  /** The day or instant that is asked about; empty for now. */
  at: string
  /** The instant as of which the member is shown; empty for now. */
  asOf: string
  /** Up to when what was recorded counts; empty for whatever was recorded. */
  knownAt: string
}

export function lookingOf(search: URLSearchParams): Looking {
  const said = (name: string): string => search.get(name) ?? ''
  return { why: search.get('why'), at: said('at'), asOf: said('as_of'), knownAt: said('known_at') }
}

export function memberAddress(id: string, { why = null, at = '', asOf = '', knownAt = '' }: Partial<Looking>): string {
  const parts = new URLSearchParams()
  if (why !== null) parts.set('why', why)
  for (const [name, value] of [['at', why === null ? '' : at], ['as_of', asOf], ['known_at', knownAt]] as const) if (value !== '') parts.set(name, value)
  const text = parts.toString()
  return `/members/${encodeURIComponent(id)}${text === '' ? '' : `?${text}`}`
}
