import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, type Definition, type Json, type JsonObject } from '../../core/api'
import { useMessages } from '../../messages'
import { blank, keyField, keyOf, labelField, textOf, tidy, wordsOf, type Draft, type HandMadeKind } from './drafts'
import { CheckField, ChoiceField, TextField } from './fields'
import { PropertyRows } from './PropertyRows'
import { useWords } from './words'

export interface FormPart {
  draft: Draft
  set: (name: string, value: Json) => void
}

/** The name in both languages that the studio speaks. */
function Names({ draft, set, field }: FormPart & { field: 'name' | 'label' }) {
  const { fields } = useWords()
  const words = wordsOf(draft[field])
  const say = (language: string) => (value: string) => set(field, { ...words, [language]: value })
  return (
    <>
      <TextField label={fields.nameEn} required value={textOf(words.en)} onChange={say('en')} />
      <TextField label={fields.nameZh} required value={textOf(words['zh-Hans'])} onChange={say('zh-Hans')} />
    </>
  )
}

function KindFields({ kind, draft, set }: FormPart & { kind: HandMadeKind }) {
  const { fields, types } = useWords()
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

export function DefinitionForm({ kind, definition, begun, onClose, onSaved }: {
  kind: HandMadeKind
  definition: Definition | null
  begun?: Draft
  onClose: () => void
  onSaved: (saved: Definition) => void
}) {
  const messages = useMessages()
  const words = useWords()
  const form = useId()
  const [draft, setDraft] = useState<Draft>(() => (definition === null ? begun ?? blank(kind) : structuredClone(definition as JsonObject)))
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const set = (name: string, value: Json) => setDraft((before) => ({ ...before, [name]: value }))
  const naming = keyField(kind)

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
          disabled={definition !== null} value={textOf(draft[naming])} onChange={(value) => set(naming, value)}
        />
        <Names draft={draft} set={set} field={labelField(kind)} />
        <KindFields kind={kind} draft={draft} set={set} />
      </form>
    </Dialog>
  )
}
