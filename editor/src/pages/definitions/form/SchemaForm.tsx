import '../../../rule-editor/rule-editor.css'
import './form.css'
import { useId, useMemo, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../../app/loading'
import { Busy } from '../../../components/Busy'
import { Button } from '../../../components/Button'
import { Dialog } from '../../../components/Dialog'
import { ErrorNote } from '../../../components/ErrorNote'
import { api, ApiError, type Definition, type Diagnostic, type JsonObject } from '../../../core/api'
import { useLanguage } from '../../../core/language'
import { blank, isObject, labelOf, type Json, type RuleCatalogue, type Schema } from '../../../core/schema'
import { useMessages } from '../../../messages'
import { DiagnosticsProvider, EditingProvider, idOf, type Editing } from '../../../rule-editor/context'
import { focusOn } from '../../../rule-editor/focus'
import { messages as said, useSay } from '../../../rule-editor/messages'
import { useRule } from '../../../rule-editor/use-rule'
import { keyOf, tidy, type SchemaKind } from '../drafts'
import { useWords } from '../words'
import { Fields, type Choices } from './Fields'
import { wrongIn, type Wrong } from './problems'
import { relevant } from './relevance'

interface SchemaFormProps {
  kind: SchemaKind
  definition: Definition | null
  /** What a new one begins with; blank by default. */
  begun?: JsonObject
  onClose: () => void
  onSaved: (saved: Definition) => void
}

/** The form of a definition, made from the schema that the server gives of its kind. */
export function SchemaForm(props: SchemaFormProps) {
  const words = useWords()
  const { data, error } = useLoading('definitions', () => Promise.all([api.schemaOfDefinitions(), api.catalogue()]))
  const [schemas, catalogue] = data ?? []
  const schema = schemas?.[props.kind] as unknown as Schema | undefined
  if (schema === undefined || catalogue === undefined) {
    const title = props.definition === null ? words.create(words.one[props.kind]) : words.editing(keyOf(props.kind, props.definition))
    return <Dialog wide title={title} onClose={props.onClose}>{error ? <ErrorNote error={error} /> : <Busy />}</Dialog>
  }
  return <Loaded {...props} root={schema} catalogue={catalogue as unknown as RuleCatalogue} />
}

function Loaded({ kind, definition, begun, onClose, onSaved, root, catalogue }: SchemaFormProps & { root: Schema; catalogue: RuleCatalogue }) {
  const messages = useMessages()
  const words = useWords()
  const say = useSay()
  const { language } = useLanguage()
  const form = useId()
  const [announced, announce] = useState('')
  const [diagnostics, setDiagnostics] = useState<readonly Diagnostic[]>([])
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const editor = useRule(definition === null ? { ...blank(root, root), ...begun } : (definition as JsonObject), say, announce)
  const { edit, addCondition, append, act } = editor
  const editing = useMemo<Editing>(() => ({
    root, catalogue, zone: catalogue.programme?.zone ?? 'UTC', language, edit, addCondition, append, act, focus: focusOn,
  }), [root, catalogue, language, edit, addCondition, append, act])
  const fixed = definition === null ? [] : ['/key']
  const offered: Readonly<Record<string, Choices>> = kind === 'wheels' ? { '/fallback': prizesOf(editor.rule, language) } : {}

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const made = (tidy(relevant(editor.rule, root, root)) ?? {}) as JsonObject
    const wrong = wrongIn(relevant(editor.rule, root, root), root, root)
    setDiagnostics(wrong.map((one) => ({ code: one.what, path: one.path, severity: 'error', text: textOf(one) })))
    setError(null)
    if (wrong[0] !== undefined) {
      announce(words.form.fix)
      focusOn(wrong[0].path)
      document.getElementById(idOf(wrong[0].path))?.scrollIntoView({ block: 'center' })
      return
    }
    setSaving(true)
    try {
      onSaved(await api.saveDefinition(kind, keyOf(kind, made), made))
    } catch (problem) {
      setSaving(false)
      setError(asError(problem))
      if (problem instanceof ApiError) setDiagnostics(toldBy(problem))
    }
  }

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
      <EditingProvider value={editing}>
        <DiagnosticsProvider value={diagnostics}>
          <form id={form} className="df df-grid" noValidate onSubmit={submit}>
            <Fields pointer="" part={editor.rule} schema={root} fixed={fixed} offered={offered} />
          </form>
        </DiagnosticsProvider>
      </EditingProvider>
      <p className="visually-hidden" role="status">{announced}</p>
    </Dialog>
  )

  function textOf({ what, least = 0 }: Wrong): Diagnostic['text'] {
    if (what === 'blank') return said.blank
    const text = what === 'few' ? words.form.few(least) : words.form.bad[what]
    return { en: text, 'zh-Hans': text }
  }
}

/** What the server refused, at its places. */
function toldBy(problem: ApiError): Diagnostic[] {
  return (problem.problem.errors ?? []).map(({ path, text }) => ({
    code: problem.code, path, severity: 'error', text: typeof text === 'string' ? { en: text, 'zh-Hans': text } : text,
  }))
}

/** Prizes without a stock: one of them is what is left when the others are gone. */
function prizesOf(wheel: JsonObject, language: string): Choices {
  const prizes: Json[] = Array.isArray(wheel.prizes) ? wheel.prizes : []
  return prizes.flatMap((one) => {
    if (!isObject(one) || typeof one.key !== 'string' || one.key === '' || (one.stock ?? '') !== '') return []
    return [{ key: one.key, label: labelOf(one.name as Record<string, string> | undefined, language) || one.key }]
  })
}
