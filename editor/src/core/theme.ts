import { useSyncExternalStore } from 'react'

/** By day or by night. Until a person has said which, it is what their system says. */
export type Theme = 'light' | 'dark'

const KEPT_AS = 'regulars.theme'
const listeners = new Set<() => void>()
const night = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')

function kept(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEPT_AS)
    return value === 'light' || value === 'dark' ? value : undefined
  } catch {
    return undefined
  }
}

let chosen = kept()

/** Lets the colours follow what was chosen, before anything is drawn. */
function show(): void {
  if (chosen === undefined) delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

if (typeof document !== 'undefined') show()

export function setTheme(theme: Theme): void {
  chosen = theme
  show()
  try {
    localStorage.setItem(KEPT_AS, theme)
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  night?.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    night?.removeEventListener('change', listener)
  }
}

function current(): Theme {
  return chosen ?? (night?.matches === true ? 'dark' : 'light')
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current, () => 'light')
}
