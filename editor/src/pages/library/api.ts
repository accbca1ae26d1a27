import { call, query, type JsonObject, type Outcome, type RuleDetail, type RuleStatus } from '../../core/api'
import type { Text } from '../../core/language'
import type { Entry } from '../../core/types'

export interface Need { kind: string; key: string; name: Text }
export interface LibraryRule {
  key: string
  name: Text
  description: Text
  when_to_use: Text
  purpose: { key: string; title: Text }
  covers: string[]
  sentence: Text
  adopted: { key: string; status: RuleStatus } | null
  needs: Need[]
}
export interface LibraryRow { id: string; purpose: string; title: Text; rules: number }
export interface LibraryPage {
  items: LibraryRule[]
  next: string | null
  total: number
  purposes: { key: string; title: Text; rules: number }[]
  rows: LibraryRow[]
}
export type Shows = 'fires' | 'holds_back' | 'boundary'
export interface LibraryDetail extends LibraryRule {
  document: JsonObject
  parameters: { at: string; label: Text }[]
  examples: { name: string; shows: Shows | null }[]
  rows: LibraryRow[]
  free_key: string
}
export interface Step { as_of: string; event: Entry; outcomes: Outcome[] }
export interface Played { name: string; shows: Shows | null; until: string | null; steps: Step[] }

const at = (key: string): string => `/library/${encodeURIComponent(key)}`

export const library = {
  page: (search: { search: string; purpose: string; row: string; after: string | number | null }) => call<LibraryPage>(`/library${query(search)}`),
  rule: (key: string) => call<LibraryDetail>(at(key)),
  play: (key: string, number: number) => call<Played>(`${at(key)}/examples/${number}`),
  adopt: (key: string, under: string, withDefinitions: boolean) =>
    call<RuleDetail>(`${at(key)}/adopt`, { method: 'POST', body: { key: under, with_definitions: withDefinitions } }),
}
