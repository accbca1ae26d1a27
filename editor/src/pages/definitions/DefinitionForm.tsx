import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, type Definition, type DefinitionKind, type Json, type JsonObject } from '../../core/api'
import { useMessages } from '../../messages'
import { blank, KEY_FIELD, keyOf, LABEL_FIELD, textOf, tidy, wordsOf, type Draft } from './drafts'
import { CheckField, ChoiceField, LongField, TextField } from './fields'
import { PropertyRows } from './PropertyRows'

export interface FormPart {
  draft: Draft
  set: (name: string, value: Json) => void
}

/** The name in both languages that the studio speaks. */
function Names({ draft, set, field }: FormPart & { field: 'name' | 'label' }) {
  const { fields } = useMessages().definitions
  const words = wordsOf(draft[field])
  const say = (language: string) => (value: string) => set(field, { ...words, [language]: value })
  return (
    <>
      <TextField label={fields.nameEn} required value={textOf(words.en)} onChange={say('en')} />
      <TextField label={fields.nameZh} required value={textOf(words['zh-Hans'])} onChange={say('zh-Hans')} />
    </>
  )
}

function CouponFields({ draft, set }: FormPart) {
  const { fields, couponKinds } = useMessages().definitions
  const kind = (draft.kind ?? 'percent') as keyof typeof couponKinds
  const money = (name: string, label: string, required = false) => (
    <TextField label={label} required={required} pattern="\d+(\.\d{1,4})?" value={textOf(draft[name])} onChange={(value) => set(name, value)} />
  )
  const currency = draft.kind === 'amount' || textOf(draft.minimum_spend) !== ''
  return (
    <>
      <ChoiceField label={fields.kind} value={kind} choices={couponKinds} onChange={(value) => set('kind', value)} />
      {kind !== 'gift' && money('value', fields.value, true)}
      {money('minimum_spend', fields.minimum)}
      {currency && (
        <TextField label={fields.currency} hint={fields.currencyHint} pattern="[A-Z]{3}" required value={textOf(draft.currency)} onChange={(value) => set('currency', value.toUpperCase())} />
      )}
      <TextField label={fields.days} hint={fields.daysHint} type="number" value={textOf(draft.valid_days)} onChange={(value) => set('valid_days', value === '' ? null : Number(value))} />
    </>
  )
}

function TemplateFields({ draft, set }: FormPart) {
  const { fields } = useMessages().definitions
  const long = (field: 'subject' | 'body', language: string, label: string) => {
    const words = wordsOf(draft[field])
    const change = (value: string) => set(field, { ...words, [language]: value })
    return field === 'subject'
      ? <TextField label={label} value={textOf(words[language])} onChange={change} />
      : <LongField label={label} lang={language} required value={textOf(words[language])} onChange={change} />
  }
  return (
    <>
      {long('subject', 'en', fields.subjectEn)}
      {long('subject', 'zh-Hans', fields.subjectZh)}
      {long('body', 'en', fields.bodyEn)}
      {long('body', 'zh-Hans', fields.bodyZh)}
    </>
  )
}

function KindFields({ kind, draft, set }: FormPart & { kind: DefinitionKind }) {
  const { fields, types } = useMessages().definitions
  if (kind === 'tags') {
    return (
      <>
        <LongField label={fields.meaning} hint={fields.meaningHint} required value={textOf(draft.meaning)} onChange={(value) => set('meaning', value)} />
        <TextField label={fields.owner} value={textOf(draft.owner)} onChange={(value) => set('owner', value)} />
        <TextField label={fields.category} value={textOf(draft.category)} onChange={(value) => set('category', value)} />
      </>
    )
  }
  if (kind === 'coupons') return <CouponFields draft={draft} set={set} />
  if (kind === 'templates') return <TemplateFields draft={draft} set={set} />
  if (kind === 'endpoints') {
    return <TextField wide type="url" label={fields.url} hint={fields.urlHint} required value={textOf(draft.url)} onChange={(value) => set('url', value)} />
  }
  if (kind === 'attributes') {
    return (
      <>
        <ChoiceField label={fields.type} value={textOf(draft.type) as keyof typeof types} choices={types} onChange={(value) => set('type', value)} />
        <CheckField label={fields.personal} value={draft.personal === true} onChange={(value) => set('personal', value)} />
      </>
    )
  }
  return <PropertyRows draft={draft} set={set} />
}

export function DefinitionForm({ kind, definition, onClose, onSaved }: {
  kind: DefinitionKind
  definition: Definition | null
  onClose: () => void
  onSaved: (saved: Definition) => void
}) {
  const messages = useMessages()
  const { definitions: words } = messages
  const form = useId()
  const [draft, setDraft] = useState<Draft>(() => (definition === null ? blank(kind) : structuredClone(definition as JsonObject)))
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const set = (name: string, value: Json) => setDraft((before) => ({ ...before, [name]: value }))
  const keyField = KEY_FIELD[kind]

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSaving(true)
    setError(null)
    const body = (tidy(draft) ?? {}) as JsonObject
    try {
      onSaved(await api.saveDefinition(kind, keyOf(kind, body), body))
    } catch (problem) {
      setError(asError(problem))
      setSaving(false)
    }
  }
  const keyLabel = kind === 'events' ? words.fields.eventName : kind === 'attributes' ? words.fields.attribute : words.fields.key
  return (
    <Dialog
      wide
      title={definition === null ? words.create(words.one[kind]) : words.editing(keyOf(kind, definition))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={saving}>{messages.save}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <form id={form} className="form-grid" onSubmit={submit}>
        <TextField
          wide label={keyLabel} hint={kind === 'events' ? words.fields.eventNameHint : words.fields.keyHint} required
          disabled={definition !== null} value={textOf(draft[keyField])} onChange={(value) => set(keyField, value)}
        />
        <Names draft={draft} set={set} field={LABEL_FIELD[kind]} />
        <KindFields kind={kind} draft={draft} set={set} />
      </form>
    </Dialog>
  )
}
