import { call } from '../../core/api'

export interface Checkpoint { origin: string; size: number; root: string; time: string; note: string; key: string }
export interface Wrong { row: string; member: string; reason: string }
export interface Verified { entries: number; sealed: number; erased: number; checkpoints: number; size: number; root: string; wrong: Wrong[]; more: number }
export interface Verification { status: 'none' | 'running' | 'done' | 'failed'; started_at: string | null; checked: number; report: Verified | null }

export const latest = () => call<Checkpoint>('/checkpoints/latest')
export const verification = () => call<Verification>('/verification')
export const verify = () => call<Verification>('/verification', { method: 'POST' })
