import { useEffect, useState } from 'react'
import { api, type CatalogueAnswer } from '../core/api'
import { useLanguage, type Text } from '../core/language'

interface Names {
  facts: Map<string, Text>
  tags: Map<string, Text>
}
interface Named {
  key?: string
  path?: string
  name?: Text
  label?: Text
}

const NONE: Names = { facts: new Map(), tags: new Map() }
let known: Promise<Names> | null = null

function read(catalogue: CatalogueAnswer): Names {
  const { facts = [], tags = [] } = catalogue as unknown as { facts?: Named[]; tags?: Named[] }
  return {
    facts: new Map(facts.flatMap((one) => (one.path && one.label ? [[one.path, one.label]] : []))),
    tags: new Map(tags.flatMap((one) => (one.key && one.name ? [[one.key, one.name]] : []))),
  }
}

/** After a definition has changed, names are asked for anew. */
export function forgetNames(): void {
  known = null
}

/**
 * What people call facts and tags. They are a courtesy: until they are known, and if they can't be had, a thing is
 * called by its key.
 */
export function useNames(): { attribute: (key: string) => string; property: (key: string) => string; tag: (key: string) => string } {
  const { pick } = useLanguage()
  const [names, setNames] = useState(NONE)
  useEffect(() => {
    let current = true
    known ??= api.catalogue().then(read, () => {
      known = null
      return NONE
    })
    void known.then((found) => current && setNames(found))
    return () => {
      current = false
    }
  }, [])
  return {
    attribute: (key) => pick(names.facts.get(`member.${key}`)) || key,
    property: (key) => pick(names.facts.get(`event.${key}`)) || key,
    tag: (key) => pick(names.tags.get(key)) || key,
  }
}

/** Labels are written to stand inside a sentence; where one stands alone it begins with a capital. */
export const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase('en') + text.slice(1)
