import '../rule-editor.css'
import { useEffect, useMemo, useState } from 'react'
import { useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { api } from '../../core/api'
import { field, type Json, type RuleCatalogue, type Schema } from '../../core/schema'
import { useLanguage } from '../../core/language'
import { EditingProvider, type Editing } from '../context'
import { focusOn } from '../focus'
import { useSay } from '../messages'
import { useClipboard } from '../use-clipboard'
import { useRule } from '../use-rule'
import { Audience } from './Audience'

interface ConditionProps {
  initial: Json
  label: string
  onChange: (condition: Json) => void
  onSound: (sound: boolean) => void
}

/** The condition editor of rules by itself, for whatever asks who is meant. */
export default function ConditionEditor(props: ConditionProps) {
  const { data, error, reload } = useLoading('condition', () => Promise.all([api.schema(), api.catalogue()]))
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (data === null) return <Busy />
  const [{ schema }, catalogue] = data
  return <Loaded {...props} root={schema as unknown as Schema} catalogue={catalogue as unknown as RuleCatalogue} />
}

function Loaded({ initial, label, onChange, onSound, root, catalogue }: ConditionProps & { root: Schema; catalogue: RuleCatalogue }) {
  const say = useSay()
  const { language } = useLanguage()
  const [announced, announce] = useState('')
  const editor = useRule({ if: initial }, say, announce)
  const act = useClipboard(editor, root, say, announce)
  const { edit, addCondition, append } = editor
  const editing = useMemo<Editing>(() => ({
    root, catalogue, zone: catalogue.programme?.zone ?? 'UTC', language, edit, addCondition, append, act, focus: focusOn,
  }), [root, catalogue, language, edit, addCondition, append, act])
  const condition = editor.rule['if'] ?? null
  useEffect(() => onChange(condition), [onChange, condition])
  return (
    <EditingProvider value={editing}>
      <fieldset className="form-wide re-who">
        <legend className="field-label">{label}</legend>
        <Audience pointer="/if" value={condition} schema={field(root, 'if')} onSound={onSound} />
      </fieldset>
      <p className="visually-hidden" role="status">{announced}</p>
    </EditingProvider>
  )
}
