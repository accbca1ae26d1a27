import { useSyncExternalStore } from 'react'
import { loadTraditional, traditional } from './traditional'
import type { Language, Text, Written } from './types'

export type { Language, Text, Written } from './types'

const KEPT_AS = 'regulars.language'
const SPOKEN: readonly Language[] = ['en', 'zh-Hans', 'zh-Hant']
const listeners = new Set<() => void>()

/** The language that a browser asks for, of those that the studio speaks: Taiwan, Hong Kong and Macau write 繁體. */
export function nearest(wanted: string): Language {
  if (!/^zh\b/i.test(wanted)) return 'en'
  return /hant|tw|hk|mo/i.test(wanted) ? 'zh-Hant' : 'zh-Hans'
}

function initial(): Language {
  try {
    const kept = SPOKEN.find((one) => one === localStorage.getItem(KEPT_AS))
    if (kept !== undefined) return kept
  } catch {
    // A browser that keeps nothing still gets the language it asks for.
  }
  return nearest(navigator.language)
}

let current: Language = typeof navigator === 'undefined' ? 'en' : initial()
if (typeof document !== 'undefined') document.documentElement.lang = current

/** Gets ready to speak the language that the studio begins with. */
export async function ready(): Promise<void> {
  if (current === 'zh-Hant') await loadTraditional()
}

export async function setLanguage(language: Language): Promise<void> {
  if (language === 'zh-Hant') await loadTraditional()
  current = language
  document.documentElement.lang = language
  try {
    localStorage.setItem(KEPT_AS, language)
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is said in each language, of what was written. */
export function spoken<T>(en: T, zhHans: T): Record<Language, T> {
  return { en, 'zh-Hans': zhHans, get 'zh-Hant'() { return traditional(zhHans) } }
}

/** The language in which a person who reads this one writes. */
export function writtenAs(language: Language): Written {
  return language === 'en' ? 'en' : 'zh-Hans'
}

/** What is said in a language: as it was written there, or made of what was written in 简体中文. */
export function saidIn<T>(said: Readonly<Record<string, T>> | undefined, language: string): T | undefined {
  const own = said?.[language]
  if (own !== undefined && own !== '') return own
  return language === 'zh-Hant' ? traditional(said?.['zh-Hans']) : undefined
}

/** A text in `language`; in another one where it was not written, so that nothing is ever blank. */
export function inLanguage(text: Text | null | undefined, language: Language): string {
  if (text === null || text === undefined) return ''
  return saidIn(text, language) || text.en || text['zh-Hans'] || ''
}

export function useLanguage(): {
  language: Language
  setLanguage: (language: Language) => Promise<void>
  pick: (text: Text | null | undefined) => string
} {
  const language = useSyncExternalStore(subscribe, () => current, () => current)
  return { language, setLanguage, pick: (text) => inLanguage(text, language) }
}
