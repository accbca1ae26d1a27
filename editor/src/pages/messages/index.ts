import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'
import { MESSAGES, type Messages } from '../../messages'
import { en, type PageMessages } from './en'
import { zhHans } from './zh-Hans'

/** The words of every part and those of the pages; the latter are loaded with the pages. */
const ALL: Record<Language, Messages & PageMessages> = spoken({ ...MESSAGES.en, ...en }, { ...MESSAGES['zh-Hans'], ...zhHans })

export function usePageMessages(): Messages & PageMessages {
  return ALL[useLanguage().language]
}
