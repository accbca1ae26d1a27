import { call } from '../../../core/api'
import type { Text } from '../../../core/language'
import type { JsonObject } from '../../../core/types'

export const FIELDS = ['subject', 'body', 'html'] as const
export type Field = (typeof FIELDS)[number]
export const LANGUAGES = ['en', 'zh-Hans', 'zh-Hant'] as const
export type Spoken = (typeof LANGUAGES)[number]

/** The texts of a template, by field and language. */
export type Texts = Record<Field, Partial<Record<Spoken, string>>>
/** Something wrong with one text: `path` is `/<field>/<language>`. */
export interface Fault { path: string; text: Text }
export interface Variable { name: string; label: Text }
export interface Previewed { language: Spoken; subject: string; text: string; html: string; missing: string[] }

export const templatesApi = {
  variables: () => call<{ items: Variable[] }>('/templates/variables'),
  check: (texts: Texts) => call<{ findings: Fault[] }>('/templates/check', { method: 'POST', body: texts }),
  preview: (key: string, body: { member: string; language: string; template: JsonObject }) =>
    call<Previewed>(`/templates/${encodeURIComponent(key)}/preview`, { method: 'POST', body }),
}

const isText = (value: unknown): value is Partial<Record<Spoken, string>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The texts of a definition, each field there though it may be empty. */
export function textsOf(definition: JsonObject): Texts {
  const of = (field: Field): Texts[Field] => (isText(definition[field]) ? { ...definition[field] } : {})
  return { subject: of('subject'), body: of('body'), html: of('html') }
}

/** The text with a place for a value where the caret is, and where the caret is then. */
export function withPlace(text: string, at: number, name: string): { text: string; caret: number } {
  const place = `{{ ${name} }}`
  return { text: text.slice(0, at) + place + text.slice(at), caret: at + place.length }
}

/** The language that members get who have this one, where it is left empty; as the sender chooses it. */
export function fallbackOf(language: Spoken, body: Texts['body']): Spoken | null {
  const order: readonly Spoken[] = language === 'zh-Hans' ? ['zh-Hant', 'en'] : language === 'zh-Hant' ? ['zh-Hans', 'en'] : LANGUAGES
  return order.find((one) => one !== language && (body[one] ?? '').trim() !== '') ?? null
}
