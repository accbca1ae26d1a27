import { call, query } from '../../core/api'
import type { Text } from '../../core/language'

export type How = 'adds' | 'removes' | 'reads'

/** A rule or a definition that names a tag. */
export interface TagUse { kind: string; key: string; name: Text; how: How[]; fired: number; draft: boolean }
export interface TagFinding { code: string; text: Text; other?: string }
export interface TagRow {
  tag: string
  name: Text
  defined: boolean
  meaning: string
  owner?: string
  category?: string
  kind?: 'static' | 'dynamic'
  parent?: string
  group?: string
  merged_into?: string
  retired: boolean
  members: number
  holders: { rule: number; person: number; api: number }
  last_put_on: string | null
  used_by: TagUse[]
  findings: TagFinding[]
}
export interface TagReport { tags: TagRow[]; stale_days: number; findings: number }

/** What merging or retiring means, and whether it is done. */
export interface TagChange { tag: string; into?: string; members: number; gaining?: number; rules: TagUse[]; definitions: TagUse[]; done: boolean }

interface Named { tag: string; name: Text }
export interface Association {
  having: Named[]
  then: Named
  members: number
  support: string
  confidence: string
  lift: string
  text: Text
}
export interface Associations { items: Association[]; members: number; percent: number; left_off: number }

const at = encodeURIComponent

export const tagsApi = {
  report: (days: number) => call<TagReport>(`/tags/report${query({ stale_days: days })}`),
  associations: (members: number) => call<Associations>(`/tags/associations${query({ least_members: members })}`),
  merge: (tag: string, into: string, dry: boolean) =>
    call<TagChange>(`/tags/${at(tag)}/merge${dry ? '?dry=true' : ''}`, { method: 'POST', body: { into } }),
  retire: (tag: string, dry: boolean) => call<TagChange>(`/tags/${at(tag)}/retire${dry ? '?dry=true' : ''}`, { method: 'POST' }),
}
