import { describe, expect, it } from 'vitest'
import type { Posting } from '../../core/types'
import { amountText, majorText, wholeOf } from './amounts'
import { moveOf, signOf } from './ledger'

describe('amounts', () => {
  it('of a currency are shown with its digits, exactly', () => {
    expect(majorText(9007199254740991, 'CNY')).toBe('90071992547409.91')
    expect(majorText(5, 'CNY')).toBe('0.05')
    expect(majorText(500, 'JPY')).toBe('500')
    expect(amountText(123456, { currency: 'CNY' }, 'en')).toBe('CN¥1,234.56')
    expect(amountText(-5, { currency: 'CNY' }, 'en')).toBe('-CN¥0.05')
    expect(amountText(1200, undefined, 'en')).toBe('1,200')
  })
  it('are read as whole minor units, or not at all', () => {
    expect(wholeOf('12.5', 'CNY')).toBe(1250)
    expect(wholeOf('12', null)).toBe(12)
    for (const typed of ['0', '12.505', '-3', '', '1e3', 'many']) expect(wholeOf(typed, 'CNY')).toBeNull()
    expect(wholeOf('1.5', null)).toBeNull()
  })
})

describe('a line of the ledger', () => {
  const posting = (debit: string, credit: string): Posting =>
    ({ id: 'p', sequence: 1, as_of: '', kind: 'award', unit: 'points', amount: 1, debit, credit })
  const sign = (debit: string, credit: string) => signOf(moveOf(posting(debit, credit), 'm:1'))

  it('says whether more or less can be spent', () => {
    expect(sign('programme:points', 'member:m:1:points')).toBe(1)
    expect(sign('member:m:1:points', 'programme:points:redeemed')).toBe(-1)
    expect(sign('member:m:1:points', 'member:m:1:points:held')).toBe(-1)
    expect(sign('programme:points', 'member:m:1:points:pending')).toBe(0)
  })
  it('takes no other account for the member’s', () => {
    expect(moveOf(posting('member:m:1:points2', 'member:m:10:points'), 'm:1')).toEqual({ from: null, to: null })
    expect(moveOf(posting('member:m:1:points:pending', 'member:m:1:points'), 'm:1')).toEqual({ from: 'pending', to: '' })
  })
})
