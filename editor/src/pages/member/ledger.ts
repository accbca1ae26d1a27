import type { Posting } from '../../core/types'

/** The parts of a member's account that a posting moves between; null is the programme. */
export interface Move {
  from: string | null
  to: string | null
}

/** Which of a member's accounts (`member:<member>:<unit>[:<part>]`) a posting concerns. */
export function moveOf({ debit, credit, unit }: Posting, member: string): Move {
  const own = `member:${member}:${unit}`
  const part = (account: string): string | null =>
    account === own ? '' : account.startsWith(`${own}:`) ? account.slice(own.length + 1) : null
  return { from: part(debit), to: part(credit) }
}

/** How the posting changes what the member can spend: 1, -1, or 0 if it doesn't. */
export function signOf({ from, to }: Move): 1 | -1 | 0 {
  if (to === '') return from === '' ? 0 : 1
  return from === '' ? -1 : 0
}
