import { useId, useState } from 'react'
import { Button } from '../../components/Button'
import type { JsonObject } from '../../core/types'
import type { FormPart } from './DefinitionForm'
import { textOf, wordsOf } from './drafts'
import { CheckField, ChoiceField, TextField } from './fields'
import { useWords } from './words'

const BETWEEN = /[\n,，、;；]+/

/** Words that are looked for in a text, as they are typed: with commas or on lines of their own. */
export const keywordsIn = (typed: string): string[] => [...new Set(typed.split(BETWEEN).map((one) => one.trim()).filter(Boolean))]

function Keywords({ value, label, onChange }: { value: readonly string[]; label: string; onChange: (words: string[]) => void }) {
  const { fields } = useWords()
  const id = useId()
  // What is typed stays as it is: a comma at the end would go if it were made of the words again.
  const [typed, setTyped] = useState(value.join(', '))
  return (
    <div className="field form-wide">
      <label htmlFor={id}>{fields.keywords}<span className="visually-hidden"> {label}</span></label>
      <textarea
        id={id} className="textarea" rows={2} value={typed} aria-describedby={`${id}-hint`}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(keywordsIn(event.target.value))
        }}
      />
      <span id={`${id}-hint`} className="field-hint">{fields.keywordsHint(label || '…')}</span>
    </div>
  )
}

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
            {(row.type === 'text' || (Array.isArray(row.keywords) && row.keywords.length > 0)) && (
              <>
                <CheckField label={fields.personalProperty} value={row.personal === true} onChange={(value) => change(index, 'personal', value)} />
                <Keywords
                  value={Array.isArray(row.keywords) ? row.keywords.map(textOf) : []} label={textOf(row.name)}
                  onChange={(words) => change(index, 'keywords', words)}
                />
              </>)}
          </div>
        )
      })}
      <div><Button small onClick={() => set('properties', [...rows, { name: '', label: {}, type: 'text' }])}>{fields.addProperty}</Button></div>
    </fieldset>
  )
}
