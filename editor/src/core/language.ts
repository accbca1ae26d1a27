import { useSyncExternalStore } from 'react'
import type { Language, Text } from './types'

export type { Language, Text } from './types'

const KEPT_AS = 'regulars.language'
const listeners = new Set<() => void>()

function initial(): Language {
  try {
    const kept = localStorage.getItem(KEPT_AS)
    if (kept === 'en' || kept === 'zh-Hans') return kept
  } catch {
    // A browser that keeps nothing still gets the language it asks for.
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-Hans' : 'en'
}

let current: Language = typeof navigator === 'undefined' ? 'en' : initial()
if (typeof document !== 'undefined') document.documentElement.lang = current

export function setLanguage(language: Language): void {
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

/** A text in `language`; in the other one where it was not written, so that nothing is ever blank. */
export function inLanguage(text: Text | null | undefined, language: Language): string {
  if (text === null || text === undefined) return ''
  return text[language] || text.en || text['zh-Hans'] || ''
}

export function useLanguage(): {
  language: Language
  setLanguage: (language: Language) => void
  pick: (text: Text | null | undefined) => string
} {
  const language = useSyncExternalStore(subscribe, () => current, () => current)
  return { language, setLanguage, pick: (text) => inLanguage(text, language) }
}
