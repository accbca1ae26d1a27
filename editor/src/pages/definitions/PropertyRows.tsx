import { Button } from '../../components/Button'
import type { JsonObject } from '../../core/types'
import type { FormPart } from './DefinitionForm'
import { textOf, wordsOf } from './drafts'
import { ChoiceField, TextField } from './fields'
import { useWords } from './words'

/** The properties of an event, one row each. */
export function PropertyRows({ draft, set }: FormPart) {
  const { fields, types } = useWords()
  const rows = (Array.isArray(draft.properties) ? draft.properties : []) as JsonObject[]
  const change = (index: number, name: string, value: JsonObject[string]) =>
    set('properties', rows.map((row, at) => (at === index ? { ...row, [name]: value } : row)))
  return (
    <fieldset className="form-wide property-rows">
      <legend className="field-label">{fields.properties}</legend>
      {rows.map((row, index) => {
        const label = wordsOf(row.label)
        return (
          <div key={index} className="property-row">
            <TextField label={fields.property} required value={textOf(row.name)} onChange={(value) => change(index, 'name', value)} />
            <TextField label={fields.labelEn} required value={textOf(label.en)} onChange={(value) => change(index, 'label', { ...label, en: value })} />
            <TextField label={fields.labelZh} required value={textOf(label['zh-Hans'])} onChange={(value) => change(index, 'label', { ...label, 'zh-Hans': value })} />
            <ChoiceField label={fields.type} value={textOf(row.type) as keyof typeof types} choices={types} onChange={(value) => change(index, 'type', value)} />
            <Button kind="quiet" aria-label={fields.removeProperty(textOf(row.name))} onClick={() => set('properties', rows.filter((_, at) => at !== index))}>✕</Button>
          </div>
        )
      })}
      <div><Button small onClick={() => set('properties', [...rows, { name: '', label: {}, type: 'text' }])}>{fields.addProperty}</Button></div>
    </fieldset>
  )
}
