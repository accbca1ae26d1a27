import './template.css'
import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading, useSettled } from '../../../app/loading'
import { Button } from '../../../components/Button'
import { Dialog } from '../../../components/Dialog'
import { ErrorNote } from '../../../components/ErrorNote'
import { api, type Definition, type Json, type JsonObject } from '../../../core/api'
import { useLanguage } from '../../../core/language'
import { useMessages } from '../../../messages'
import { textOf, tidy, wordsOf } from '../drafts'
import { ChoiceField, TextField } from '../fields'
import { useWords } from '../words'
import { LANGUAGES, templatesApi, textsOf, type Fault, type Field, type Spoken } from './api'
import { Preview } from './Preview'
import { TextFields } from './TextFields'
import { useTemplateWords } from './words'

const NEW: JsonObject = { purpose: 'marketing', when_missing: 'empty' }

/** The form of a message: what it is for, its texts by language, what is wrong with them, and how it reads. */
export function TemplateForm({ definition, begun, onClose, onSaved }: {
  definition: Definition | null
  begun?: JsonObject
  onClose: () => void
  onSaved: (saved: Definition) => void
}) {
  const messages = useMessages()
  const words = useWords()
  const own = useTemplateWords()
  const { language } = useLanguage()
  const form = useId()
  const [draft, setDraft] = useState<JsonObject>(() => ({ ...NEW, ...structuredClone((definition ?? begun ?? {}) as JsonObject) }))
  const [shown, setShown] = useState<Spoken>(() => [language, ...LANGUAGES].find((one) => textsOf(draft).body[one]) ?? language)
  const [said, setSaid] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const [saving, setSaving] = useState(false)
  const texts = textsOf(draft)
  const variables = useLoading('variables', templatesApi.variables).data?.items ?? []
  const settled = useSettled(JSON.stringify(texts), 300)
  const checked = useLoading(settled, () => templatesApi.check(JSON.parse(settled) as typeof texts)).data
  const faults = checked?.findings ?? []
  const set = (name: string, value: Json) => setDraft((before) => ({ ...before, [name]: value }))
  const write = (field: Field, language: Spoken, text: string) =>
    setDraft((before) => ({ ...before, [field]: { ...wordsOf(before[field]), [language]: text } }))
  const written = Object.values(texts.body).some((one) => one.trim() !== '')
  const made = (tidy(draft) ?? {}) as JsonObject

  const stopped = (found: readonly Fault[]): boolean => {
    const language = LANGUAGES.find((one) => found.some((fault) => fault.path.endsWith(`/${one}`)))
    if (language !== undefined && !found.some((one) => one.path.endsWith(`/${shown}`))) setShown(language)
    setSaid(!written ? own.needBody : found.length > 0 ? own.fix : '')
    return !written || found.length > 0
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setError(null)
    setSaving(true)
    try {
      if (!stopped((await templatesApi.check(texts)).findings)) return onSaved(await api.saveDefinition('templates', textOf(made.key), made))
    } catch (problem) {
      setError(asError(problem))
    }
    setSaving(false)
  }
  return (
    <Dialog
      wide
      title={definition === null ? words.create(words.one.templates) : words.editing(textOf(definition.key))}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={saving}>{messages.save}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      {said !== '' && <p className="note note-error" role="alert">{said}</p>}
      <form id={form} className="form-grid" onSubmit={submit}>
        <TextField wide label={words.fields.key} hint={words.fields.keyHint} required disabled={definition !== null} value={textOf(draft.key)} onChange={(value) => set('key', value)} />
        <TextField label={words.fields.nameEn} required value={textOf(wordsOf(draft.name).en)} onChange={(value) => set('name', { ...wordsOf(draft.name), en: value })} />
        <TextField label={words.fields.nameZh} required value={textOf(wordsOf(draft.name)['zh-Hans'])} onChange={(value) => set('name', { ...wordsOf(draft.name), 'zh-Hans': value })} />
        <ChoiceField label={own.purpose} value={textOf(draft.purpose) as keyof typeof own.purposes} choices={own.purposes} onChange={(value) => set('purpose', value)} />
        <ChoiceField label={own.missing} value={textOf(draft.when_missing) as keyof typeof own.missings} choices={own.missings} onChange={(value) => set('when_missing', value)} />
        <TextFields texts={texts} faults={faults} variables={variables} shown={shown} onShow={setShown} onChange={write} />
      </form>
      <Preview ready={written && faults.length === 0} template={{ ...made, key: textOf(made.key) || 'draft', name: made.name ?? { en: '…' } }} />
    </Dialog>
  )
}
