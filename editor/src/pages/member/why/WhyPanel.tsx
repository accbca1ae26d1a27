import { useId, useState } from 'react'
import { useLoading } from '../../../app/loading'
import { navigate } from '../../../app/router'
import { useZone } from '../../../app/zone'
import { Busy } from '../../../components/Busy'
import { Button, ButtonLink } from '../../../components/Button'
import { Said } from '../../../components/DayField'
import { ErrorNote } from '../../../components/ErrorNote'
import { Time } from '../../../components/Time'
import { api, ApiError, call, query, type RuleName } from '../../../core/api'
import { isInstant, toLocal } from '../../../core/instant'
import { useLanguage } from '../../../core/language'
import { labelsOf } from './readings'
import type { Why } from './types'
import { WhyAnswer } from './WhyAnswer'
import { useWhyWords, type WhyWords } from './words'
import './why.css'

interface WhyProps {
  /** The id in the address: a member that became a part of another was itself before. */
  member: string
  rule: string
  /** When the member was erased; nothing can be asked from then on. */
  erased: string | undefined
  /** A day of the member's, an instant, or nothing for now. */
  at: string
  /** Where the page is with another question, or with none. */
  addressOf: (asked: { why: string | null; at: string }) => string
}

/** Why a rule fired for the member, or didn't, on a day; the question stands in the address. */
export function WhyPanel({ member, rule, erased, at, addressOf }: WhyProps) {
  const words = useWhyWords()
  const { pick } = useLanguage()
  const rules = useLoading('rule names', api.ruleNames)
  const known = (rules.data?.items ?? []).filter((one) => one.status !== 'draft')
  const names = new Map(known.map((one) => [one.key, pick(one.name) || one.key]))
  const ask = (asked: { why?: string; at?: string }): void => navigate(addressOf({ why: rule, at, ...asked }), { replace: true })
  return (
    <section className="card why-panel" aria-labelledby="why-title">
      <div className="card-head">
        <h2 id="why-title">{words.title}</h2>
        <ButtonLink small className="head-end" href={addressOf({ why: null, at: '' })}>{words.close}</ButtonLink>
      </div>
      {rules.error && <ErrorNote error={rules.error} onRetry={rules.reload} />}
      <search className="filters">
        {rules.data && <RuleField key={rule} rules={known} rule={rule} onChoose={(key) => ask({ why: key })} />}
        <DayOrInstant at={at} onChange={(day) => ask({ at: day })} />
      </search>
      {rule === ''
        ? <p className="quiet">{rules.data && known.length === 0 ? words.noRules : words.choose}</p>
        : <Answer member={member} rule={rule} at={at} gone={erased !== undefined && (at === '' || at.slice(0, 10) >= erased.slice(0, 10))} published={rules.data === null || names.has(rule)} ruleName={(key) => names.get(key) ?? key} />}
    </section>
  )
}

/** The published rules by name: what is typed narrows them down. */
function RuleField({ rules, rule, onChoose }: { rules: readonly RuleName[]; rule: string; onChoose: (key: string) => void }) {
  const words = useWhyWords()
  const { pick } = useLanguage()
  const id = useId()
  const labels = labelsOf(rules.map((one) => ({ key: one.key, label: pick(one.name) || one.key })))
  const label = [...labels].find(([, key]) => key === rule)?.[0] ?? rule
  const [typed, setTyped] = useState(label)
  const [left, setLeft] = useState(false)
  const found = (text: string): string | undefined => labels.get(text.trim()) ?? rules.find((one) => one.key === text.trim())?.key
  const type = (text: string): void => {
    setTyped(text)
    setLeft(false)
    const key = found(text)
    if (key !== undefined && key !== rule) onChoose(key)
  }
  const wrong = left && typed.trim() !== '' && found(typed) === undefined
  return (
    <div className="field field-wide">
      <label htmlFor={id}>{words.rule}</label>
      <input id={id} type="search" className="input" list={`${id}-list`} autoComplete="off" placeholder={words.ruleHint} value={typed}
        aria-invalid={wrong || undefined} aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => type(event.target.value)} onBlur={() => setLeft(true)} />
      <datalist id={`${id}-list`}>{[...labels].map(([text, key]) => <option key={key} value={text}>{key}</option>)}</datalist>
      {wrong && <span id={`${id}-wrong`} className="field-error">{words.unknown}</span>}
    </div>
  )
}

/** The day that is asked about; an instant that came with the address is said, and may be widened to its day. */
function DayOrInstant({ at, onChange }: { at: string; onChange: (at: string) => void }) {
  const words = useWhyWords()
  const zone = useZone() ?? 'UTC'
  const id = useId()
  const exact = isInstant(at)
  const day = exact ? (toLocal(at, zone) ?? '').slice(0, 10) : at
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{words.day}</label>
        <input id={id} type="date" className="input" value={day} max={(toLocal(new Date().toISOString(), zone) ?? '').slice(0, 10)} aria-describedby={`${id}-said`}
          onChange={(event) => onChange(event.target.value)} />
        {day === '' ? <span id={`${id}-said`} className="field-hint">{words.dayHint}</span> : <Said id={`${id}-said`} value={day} />}
      </div>
      {exact && (
        <p className="small">{words.exactly} <Time at={at} /> <Button small kind="quiet" onClick={() => onChange(day)}>{words.wholeDay}</Button></p>)}
    </>
  )
}

function Answer({ member, rule, at, gone, published, ruleName }: {
  member: string
  rule: string
  at: string
  gone: boolean
  published: boolean
  ruleName: (key: string) => string
}) {
  const words = useWhyWords()
  const explain = () => call<Why>(`/members/${encodeURIComponent(member)}/explain${query({ rule, at })}`)
  const { data: why, error, loading, reload } = useLoading(`${member}\n${rule}\n${at}`, explain)
  if (error) {
    const said = refused(error, published, gone, words)
    return said === null ? <ErrorNote error={error} onRetry={reload} /> : <p className="note note-error" role="alert">{said}</p>
  }
  if (why === null || loading) return <Busy />
  return (
    <>
      {why.member !== member && <p className="note">{words.another(why.member)}</p>}
      <WhyAnswer why={why} ruleName={ruleName} />
    </>
  )
}

/** What is wrong with a question, in words; null for anything else that went wrong. */
function refused(error: Error, published: boolean, gone: boolean, words: WhyWords): string | null {
  if (!(error instanceof ApiError)) return null
  if (error.status === 404) return !published ? words.errors.rule : gone ? words.errors.erased : words.errors.early
  return error.status === 422 ? words.errors.future : null
}
