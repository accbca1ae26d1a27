import { useLanguage, type Language } from '../core/language'
import { useMessages } from '../messages'

/** What each language calls itself. */
export const LANGUAGE_NAMES: readonly (readonly [Language, string])[] = [['en', 'English'], ['zh-Hans', '简体中文'], ['zh-Hant', '繁體中文']]

const SHORT: Readonly<Record<Language, string>> = { en: 'English', 'zh-Hans': '简', 'zh-Hant': '繁' }

export function LanguageSwitch() {
  const { language, setLanguage } = useLanguage()
  const messages = useMessages()
  return (
    <div className="segments" role="group" aria-label={messages.language}>
      {LANGUAGE_NAMES.map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-label={name} title={name} aria-pressed={language === code} onClick={() => void setLanguage(code)}>{SHORT[code]}</button>
      ))}
    </div>
  )
}
