import type { Language } from '../core/types'
import { spoken, useLanguage } from '../core/language'
import { en, type Messages } from './en'
import { zhHans } from './zh-Hans'

export type { Messages } from './en'

export const MESSAGES: Record<Language, Messages> = spoken(en, zhHans)

export function useMessages(): Messages {
  return MESSAGES[useLanguage().language]
}
