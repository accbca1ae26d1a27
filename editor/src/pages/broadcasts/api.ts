import { call, type Json } from '../../core/api'
import type { Text } from '../../core/language'

export type State = 'draft' | 'scheduled' | 'running' | 'done' | 'cancelled'

export interface Broadcast {
  key: string
  name: Text
  /** Empty in a draft that doesn't say it yet; so is `channel`, and `at` in one that is sent at once. */
  template: string | null
  channel: string | null
  audience: Json
  /** Whom it is for in words; null for everybody, and where it can't be read yet. */
  audience_text: Text | null
  at: string | null
  state: State
  problem: string | null
  created_at: string
  created_by: string
  /** Of a draft: what it is changed by. */
  etag?: string
}

export interface Progress {
  members: number
  reached: number
  delivered: number
  waiting: number
  failed: number
  suppressed: Record<string, number>
}

export interface Preview {
  estimate: { about: number; low: number; high: number } | null
  exact: { members: number } | null
  sample: string[]
}

export interface Plan {
  key: string
  name: Record<string, string>
  template: string
  channel: string
  audience: Json
  at: string | null
}

export type Written = Omit<Plan, 'key' | 'template'> & { template: string | null }

const of = (key: string): string => `/broadcasts/${encodeURIComponent(key)}`

export const broadcasts = () => call<{ items: Broadcast[] }>('/broadcasts')
export const progressOf = (key: string) => call<Broadcast & { progress: Progress }>(of(key))
/** The header that says which draft was looked at; none where there is none. */
const matching = (etag: string | null | undefined): Record<string, string> => (etag ? { 'If-Match': etag } : {})

export const plan = (body: Plan, etag: string | null) => call<Broadcast>('/broadcasts', { method: 'POST', body, headers: matching(etag) })
export const preview = (audience: Json) => call<Preview>('/broadcasts/preview', { method: 'POST', body: { audience } })
export const saveDraft = (key: string, body: Written, etag: string | null) =>
  call<Broadcast>(`${of(key)}/draft`, { method: 'PUT', body, headers: matching(etag) })
export const deleteDraft = (draft: Broadcast) => call<null>(`${of(draft.key)}/draft`, { method: 'DELETE', headers: matching(draft.etag) })
export const cancel = (key: string) => call<Broadcast>(`${of(key)}/cancel`, { method: 'POST' })
