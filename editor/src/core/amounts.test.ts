import { describe, expect, it } from 'vitest'
import { moneyText, percentText } from './amounts'

describe('amounts of money', () => {
  it('are grouped, with the digits that their currency has', () => {
    expect(moneyText('15668.1', 'CNY', 'en')).toBe('CN¥15,668.10')
    expect(moneyText('15668.1', 'CNY', 'zh-Hans')).toBe('¥15,668.10')
    expect(moneyText('1200', 'JPY', 'en')).toBe('JP¥1,200')
    expect(moneyText('1.2345', 'KWD', 'en').replace(/\s/, ' ')).toBe('KWD 1.235')
  })
  it('are exact beyond what a float holds, and keep their sign', () => {
    expect(moneyText('90071992547409931.01', 'USD', 'en')).toBe('US$90,071,992,547,409,931.01')
    expect(moneyText('-0.5', 'CNY', 'zh-Hans')).toBe('-¥0.50')
  })
})

it('a share has one digit behind the point', () => {
  expect(percentText('66.7', 'en')).toBe('66.7%')
  expect(percentText('100', 'zh-Hans')).toBe('100.0%')
})
