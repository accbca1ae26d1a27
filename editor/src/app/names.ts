import { useEffect, useState } from 'react'
import { api, type CatalogueAnswer } from '../core/api'
import { useLanguage, type Text } from '../core/language'
import type { RuleCatalogue } from '../core/schema'

interface Names {
  zone: string | undefined
  facts: Map<string, Text>
  tags: Map<string, Text>
  events: Map<string, Text>
}

const NONE: Names = { zone: undefined, facts: new Map(), tags: new Map(), events: new Map() }
let known: Promise<Names> | null = null

function read(catalogue: CatalogueAnswer): Names {
  const { facts = [], tags = [], events = [], programme } = catalogue as unknown as Partial<RuleCatalogue>
  return {
    zone: programme?.zone,
    facts: new Map(facts.map((one) => [one.path, one.label as Text])),
    tags: new Map(tags.map((one) => [one.key, one.name as Text])),
    events: new Map(events.map((one) => [one.name, one.label as Text])),
  }
}

/** After a definition has changed, names are asked for anew. */
export function forgetNames(): void {
  known = null
}

/**
 * What people call facts and tags, and the programme's zone. They are a courtesy: until they are known, and if they can't be had, a thing is
 * called by its key.
 */
export function useNames(): {
  zone: string | undefined
  attribute: (key: string) => string
  property: (key: string) => string
  tag: (key: string) => string
  event: (name: string) => string
} {
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
    zone: names.zone,
    attribute: (key) => pick(names.facts.get(`member.${key}`)) || key,
    property: (key) => pick(names.facts.get(`event.${key}`)) || key,
    tag: (key) => pick(names.tags.get(key)) || key,
    event: (name) => pick(names.events.get(name)) || name,
  }
}

/** Labels are written to stand inside a sentence; where one stands alone it begins with a capital. */
export const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase('en') + text.slice(1)
