import type { Definition, DefinitionKind, Json } from '../../core/types'
import { keyOf } from './drafts'

/** How many are shown at a time: a kind may have very many. */
export const SHOWN = 100

function said(value: Json | undefined): string {
  if (typeof value === 'string') return value
  if (value === null || typeof value !== 'object') return ''
  return Object.values(value).map((one) => said(one as Json)).join('\n')
}

/** Those in whose key, names or meaning every word is found. */
export function fitting(kind: DefinitionKind, items: readonly Definition[], typed: string): Definition[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((one) => {
    const { name, label, meaning } = one as unknown as Record<string, Json | undefined>
    const text = [keyOf(kind, one), said(name), said(label), said(meaning)].join('\n').toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}
