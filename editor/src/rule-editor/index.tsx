import './rule-editor.css'
import { useEffect, useState } from 'react'
import { Button } from '../components/Button'
import { api } from '../core/api'
import { field, kindsOf, type JsonObject, type RuleCatalogue, type Schema } from '../core/schema'
import type { RuleDetail } from '../core/types'
import { startingWith } from './form/starting'
import { keyFrom } from './key'
import { messages, useSay } from './messages'
import { RuleEditor } from './RuleEditor'

interface Loaded {
  root: Schema
  catalogue: RuleCatalogue
  detail: RuleDetail | null
  initial: JsonObject
}

async function load(ruleKey: string | null): Promise<Loaded> {
  const [answer, found, detail] = await Promise.all([api.schema(), api.catalogue(), ruleKey === null ? null : api.rule(ruleKey)])
  const root = answer.schema as unknown as Schema
  const catalogue = found as unknown as RuleCatalogue
  return { root, catalogue, detail, initial: detail?.draft ?? detail?.published ?? fresh(root, catalogue) }
}

/** A new rule: a trigger that can be read at once, and nothing that it does yet. */
function fresh(root: Schema, catalogue: RuleCatalogue): JsonObject {
  const trigger = kindsOf(field(root, 'when'), root)[0]
  const name = messages.newRule
  return {
    language: 1, key: keyFrom(name.en), name, then: [],
    when: trigger === undefined ? {} : startingWith(trigger.schema, root, catalogue),
  }
}

/** The page of one rule, or of a new one. */
export function RuleEditorPage({ ruleKey }: { ruleKey: string | null }) {
  const say = useSay()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let gone = false
    setError(null)
    load(ruleKey).then(
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
      <main id="content" className="re-main" tabIndex={-1}>
        <div className="re-conflict" role="alert">
          <p>{say('failed', { reason: error.message })}</p>
          <Button onClick={() => setTries(tries + 1)}>{say('retry')}</Button>
        </div>
      </main>
    )
  }
  if (loaded === null) return <main id="content" className="re-main" tabIndex={-1} aria-busy="true"><p>{say('loading')}</p></main>
  return <RuleEditor root={loaded.root} catalogue={loaded.catalogue} initial={loaded.initial} detail={loaded.detail} />
}
