import { call } from '../../core/api'
import type { Role } from '../../core/types'

export interface Person { name: string; role: Role; created_at: string; seen_at: string | null; disabled_at: string | null; temporary: boolean }
export interface Key { id: string; source: string; scopes: string[]; owner: string | null; created_at: string; used_at: string | null; revoked_at: string | null }
type WithPassword = Person & { password: string }

const of = (name: string): string => `/people/${encodeURIComponent(name)}`
const done = <T>(path: string) => call<T>(path, { method: 'POST' })

export const people = () => call<{ items: Person[] }>('/people')
export const administrators = () => call<{ items: string[] }>('/people/administrators')
export const invite = (body: { name: string; role: Role }) => call<WithPassword>('/people', { method: 'POST', body })
export const setRole = (name: string, role: Role) => call<Person>(`${of(name)}/role`, { method: 'PUT', body: { role } })
export const disable = (name: string) => done<Person>(`${of(name)}/disable`)
export const enable = (name: string) => done<Person>(`${of(name)}/enable`)
export const endSessions = (name: string) => done<Person>(`${of(name)}/end-sessions`)
export const resetPassword = (name: string) => done<WithPassword>(`${of(name)}/reset-password`)

export const keys = () => call<{ items: Key[]; scopes: string[] }>('/keys')
export const createKey = (body: { source: string; scopes: string[]; owner?: string }) => call<{ key: string }>('/keys', { method: 'POST', body })
export const rotateKey = (id: string) => done<{ key: string }>(`/keys/${id}/rotate`)
export const revokeKey = (id: string) => done<Key>(`/keys/${id}/revoke`)
