import './rule-editor.css'
import { useEffect, useRef, useState } from 'react'
import { Link } from '../app/router'
import { ErrorNote } from '../components/ErrorNote'
import { api } from '../core/api'
import { field, kindsOf, type JsonObject, type RuleCatalogue, type Schema } from '../core/schema'
import { useLanguage } from '../core/language'
import type { Language, RuleDetail } from '../core/types'
import { startingWith } from './form/starting'
import { messages, useSay } from './messages'
import { RuleEditor } from './RuleEditor'

interface Loaded {
  root: Schema
  catalogue: RuleCatalogue
  detail: RuleDetail | null
  initial: JsonObject
  taken: ReadonlySet<string>
}

async function load(ruleKey: string | null, language: Language): Promise<Loaded> {
  const [answer, found, detail, rules] = await Promise.all([
    api.schema(), api.catalogue(), ruleKey === null ? null : api.rule(ruleKey), ruleKey === null ? api.ruleNames() : null])
  const root = answer.schema as unknown as Schema
  const catalogue = found as unknown as RuleCatalogue
  const taken = new Set((rules?.items ?? []).map((one) => one.key))
  return { root, catalogue, detail, taken, initial: detail?.draft ?? detail?.published ?? fresh(root, catalogue, language) }
}

/** A new rule: a trigger that can be read at once, and nothing that it does yet; its key is made of it. */
function fresh(root: Schema, catalogue: RuleCatalogue, language: Language): JsonObject {
  const trigger = kindsOf(field(root, 'when'), root)[0]
  return {
    language: 1, key: '', name: { [language]: messages.newRule[language] }, then: [],
    when: trigger === undefined ? {} : startingWith(trigger.schema, root, catalogue),
  }
}

/** The page of one rule, or of a new one; `asked` opens it with the question whether to publish or submit it. */
export function RuleEditorPage({ ruleKey, asked = null }: { ruleKey: string | null; asked?: 'publish' | 'submit' | null }) {
  const say = useSay()
  const { language } = useLanguage()
  // A new rule is named in the language in which it was begun.
  const begun = useRef(language)
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let gone = false
    setError(null)
    load(ruleKey, begun.current).then(
      (made) => {
        if (!gone) setLoaded(made)
      },
      (problem: Error) => {
        if (!gone) setError(problem)
      })
    return () => {
      gone = true
    }
  }, [ruleKey, tries])

  if (error !== null) {
    return (
      <main id="content" className="page" tabIndex={-1}>
        <p className="back"><Link href="/rules">← {say('rules')}</Link></p>
        <ErrorNote error={error} onRetry={() => setTries(tries + 1)} />
      </main>
    )
  }
  if (loaded === null) return <main id="content" className="re-main" tabIndex={-1} aria-busy="true"><p>{say('loading')}</p></main>
  return <RuleEditor root={loaded.root} catalogue={loaded.catalogue} initial={loaded.initial} detail={loaded.detail}
    taken={loaded.taken} asked={asked} />
}
