/** Amounts as people read them, in the way of their language. */

export const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language === 'zh-Hant' ? 'zh-TW' : 'zh-CN')

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const kept = `${language} ${JSON.stringify(options)}`
  let format = formats.get(kept)
  if (format === undefined) formats.set(kept, format = new Intl.NumberFormat(localeOf(language), options))
  return format
}

/** Decimal text of an amount of money, exact, with as many digits behind the point as its currency has. */
export function moneyText(amount: string, currency: string, language: string): string {
  return formatOf(language, { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral)
}

/** Decimal text of a share in percent, with one digit behind the point. */
export function percentText(percent: string | number, language: string): string {
  return formatOf(language, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(Number(percent) / 100)
}
