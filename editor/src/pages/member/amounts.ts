import { localeOf, moneyText } from '../../core/amounts'
import type { Balance } from '../../core/types'

/** Digits behind the point of a currency: two of CNY, none of JPY. */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Minor units as the decimal text of the amount, exact to the last digit. */
export function majorText(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return minor < 0 ? `-${whole}` : whole
}

/** Typed text as a whole number of the unit (of minor units for money), or null if it isn't one above 0. */
export function wholeOf(typed: string, currency: string | null): number | null {
  const digits = currency === null ? 0 : digitsOf(currency)
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(typed.trim()) ?? []
  if (whole === undefined || fraction.length > digits) return null
  const amount = Number(whole + fraction.padEnd(digits, '0'))
  return amount > 0 && Number.isSafeInteger(amount) ? amount : null
}

/** An amount of a unit as people read it. */
export function amountText(amount: number, of: Pick<Balance, 'currency'> | undefined, language: string): string {
  const currency = of?.currency ?? null
  if (currency === null) return new Intl.NumberFormat(localeOf(language)).format(amount)
  return moneyText(majorText(amount, currency), currency, language)
}
