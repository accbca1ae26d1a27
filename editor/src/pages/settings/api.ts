import { call, type Session } from '../../core/api'
import type { Text } from '../../core/language'

export interface Programme {
  name: Partial<Record<string, string>> | null
  zone: string
  currency: string
  late_after_hours: number
  returns_days: number
  approval: 'required' | 'optional'
}
export interface WayOut { channel: string; name: Text; by: 'endpoint' | 'smtp' | 'console'; endpoint: string | null }
export interface Settings {
  programme: Programme
  links: string
  ways_out: WayOut[]
  checkpoints: { origin: string; key: string; left_at: string[] }
  versions: { release: string; language: number; layout: string | null; matcher: string }
}

export const settings = () => call<Settings>('/settings')
export const changeProgramme = (body: object) => call<Settings>('/programme', { method: 'PUT', body })
/** A wrong password is told in the form; it doesn't lead to the sign-in page. */
export const changePassword = (old: string, now: string) =>
  call<Session>('/session/password', { method: 'PUT', body: { old, new: now }, stay: true })
