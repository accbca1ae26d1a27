import { describe, expect, it } from 'vitest'
import type { Approval, Role } from '../../core/types'
import { mayOf } from '../../app/session'
import { nextStep } from './next-step'

const step = (role: Role, approval: Approval, more: { needed?: boolean; changed?: boolean; authors?: string[] } = {}) => {
  const { needed = true, changed = false, authors = ['mia'] } = more
  const name = { marketer: 'mia', approver: 'ann', auditor: 'audrey', administrator: 'admin' }[role]
  return nextStep({ may: mayOf(role), session: { name, role }, needed, changed, detail: { approval, approval_needed: needed, authors } })
}

describe('the next step towards publication', () => {
  it('goes from hand to hand where approval is needed', () => {
    expect(step('marketer', 'none')).toBe('submit')
    expect(step('marketer', 'submitted')).toBe(null)
    expect(step('approver', 'submitted')).toBe('decide')
    expect(step('marketer', 'sent_back')).toBe('submit')
    expect(step('marketer', 'approved')).toBe('publish')
  })
  it('is nobody’s who only reads, and no author decides', () => {
    expect(step('auditor', 'approved')).toBe(null)
    expect(step('approver', 'none')).toBe(null)
    expect(step('administrator', 'submitted', { authors: ['mia', 'admin'] })).toBe(null)
  })
  it('begins anew with every change', () => {
    expect(step('marketer', 'approved', { changed: true })).toBe('submit')
    expect(step('administrator', 'submitted', { changed: true })).toBe('submit')
  })
  it('is publishing where one person is enough', () => {
    expect(step('marketer', 'none', { needed: false })).toBe('publish')
    expect(step('marketer', 'submitted', { needed: false })).toBe('publish')
    expect(step('administrator', 'submitted', { needed: false })).toBe('decide')
  })
  it('of a rule that was never saved follows the programme', () => {
    const standing = { may: mayOf('marketer'), session: { name: 'mia', role: 'marketer' as const }, changed: true, detail: null }
    expect(nextStep({ ...standing, needed: true })).toBe('submit')
    expect(nextStep({ ...standing, needed: false })).toBe('publish')
  })
})
