import type { ReactNode } from 'react'
import {
  blankField, branchOf, field, isObject, isOptional, labelOf, withoutNull, type Json, type JsonObject, type Schema,
} from '../../../core/schema'
import { amongOf } from '../../../core/sentence'
import { Button } from '../../../components/Button'
import { idOf, useEditing } from '../../../rule-editor/context'
import { Audience } from '../../../rule-editor/condition/Audience'
import { Problems } from '../../../rule-editor/form/Problems'
import { Icon } from '../../../rule-editor/Icon'
import { BooleanInput, ChoiceInput } from '../../../rule-editor/inputs/ChoiceInput'
import { DurationInput } from '../../../rule-editor/inputs/DurationInput'
import { InstantInput } from '../../../rule-editor/inputs/InstantInput'
import { KeyInput } from '../../../rule-editor/inputs/KeyInput'
import { ListInput, LongInput, TextInput, WholeNumberInput } from '../../../rule-editor/inputs/TextInput'
import { useWords } from '../words'
import { fieldsFor } from './relevance'
import { Rows } from './Rows'

export type Choices = readonly { key: string; label: string }[]

interface FieldsProps {
  pointer: string
  part: JsonObject
  schema: Schema
  /** Places that can't be changed any more. */
  fixed?: readonly string[]
  /** Choices that the document itself gives, by place. */
  offered?: Readonly<Record<string, Choices>>
}

/** The fields of a part, each with its label, as its schema says. */
export function Fields({ pointer, part, schema, fixed = [], offered = {} }: FieldsProps) {
  const { root } = useEditing()
  const names = fieldsFor(part, schema)
  // Within a row, what takes its whole width comes last, so that the rest stands side by side.
  const isWide = (name: string): boolean => pointer !== '' && isList(withoutNull(field(schema, name), root))
  return (
    <>
      {[...names.filter((name) => !isWide(name)), ...names.filter(isWide)].map((name) => (
        <Field key={name} pointer={`${pointer}/${name}`} part={part} name={name} own={field(schema, name)} fixed={fixed} offered={offered} />
      ))}
    </>
  )
}

/** Whether a field holds parts, each with fields of its own. */
const isList = (schema: Schema): boolean => schema.type === 'array' && schema.items?.type !== 'string'

type FieldProps = Required<Pick<FieldsProps, 'pointer' | 'part' | 'fixed' | 'offered'>> & { name: string; own: Schema }

function Field({ pointer, part, name, own, fixed, offered }: FieldProps) {
  const { root, language } = useEditing()
  const words = useWords()
  const open = withoutNull(own, root)
  const title = labelOf(open['x-title'], language) || name
  const value = part[name]
  if (open['x-widget'] === 'names') return <Names pointer={pointer} value={value} title={title} />
  if (open['x-widget'] === 'condition') {
    return (
      <fieldset className="form-wide df-section">
        <legend className="field-label">{title}</legend>
        <Audience pointer={pointer} value={value ?? null} schema={own} />
      </fieldset>
    )
  }
  if (isList(open)) return <Rows pointer={pointer} value={value} schema={open} title={title} />
  if (open.properties !== undefined && open['x-units'] === undefined) {
    return <Section pointer={pointer} value={value} schema={own} title={title} />
  }
  if (open.type === 'boolean') {
    return (
      <div className="field form-wide">
        <BooleanInput pointer={pointer} schema={own} value={value ?? own.default} title={title} />
        <Problems pointer={pointer} />
      </div>
    )
  }
  const inRoot = open['x-widget'] === 'key' && name === 'key' && pointer === '/key'
  return (
    <Labelled pointer={pointer} title={title} wide={inRoot || open['x-widget'] === 'long'} hint={inRoot ? words.fields.keyHint : open.type === 'array' ? words.form.commas : undefined}>
      {fixed.includes(pointer)
        ? <input id={idOf(pointer)} className="re-input" disabled value={String(value)} />
        : <Input pointer={pointer} part={part} own={own} value={value} title={title} offered={offered[pointer]} />}
    </Labelled>
  )
}

function Labelled({ pointer, title, hint, wide, children }: { pointer: string; title: string; hint?: string; wide: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'field form-wide' : 'field'}>
      <label htmlFor={idOf(pointer)}>{title}</label>
      {children}
      {hint && <span className="field-hint">{hint}</span>}
      <Problems pointer={pointer} />
    </div>
  )
}

interface InputProps {
  pointer: string
  part: JsonObject
  own: Schema
  value: Json | undefined
  title: string
  offered?: Choices
}

function Input({ pointer, part, own, value, title, offered }: InputProps) {
  const { root, edit } = useEditing()
  const open = withoutNull(own, root)
  const shown = value === undefined ? (own.default as Json | undefined) : value
  if (offered !== undefined) {
    return (
      <select id={idOf(pointer)} className="re-input" value={String(shown ?? '')} onChange={(event) => edit(pointer, event.target.value)}>
        {!offered.some((one) => one.key === shown) && <option value={String(shown ?? '')}>{String(shown || '…')}</option>}
        {offered.map((one) => <option key={one.key} value={one.key}>{one.label}</option>)}
      </select>
    )
  }
  if (open['x-units'] !== undefined) return <DurationInput pointer={pointer} schema={open} value={value} title={title} />
  if (open.enum !== undefined) return <ChoiceInput pointer={pointer} schema={open} value={value} title={title} />
  if (open['x-source'] !== undefined) {
    return <KeyInput pointer={pointer} source={open['x-source']} value={shown} title={title} optional={isOptional(own)} among={amongOf(open['x-source'], part)} />
  }
  if (open['x-widget'] === 'instant') return <InstantInput pointer={pointer} value={shown} title={title} />
  if (open['x-widget'] === 'long') return <LongInput pointer={pointer} value={shown} title={title} />
  if (open.type === 'array') return <ListInput pointer={pointer} value={shown} title={title} placeholder="" read={String} />
  if (open.type === 'integer') return <WholeNumberInput pointer={pointer} value={shown} title={title} />
  return <TextInput pointer={pointer} value={shown} title={title} placeholder={open['x-widget'] === 'currency' ? 'CNY' : undefined} />
}

/** What people call it, in the languages that the studio speaks. */
export function Names({ pointer, value, title }: { pointer: string; value: Json | undefined; title: string }) {
  const { form } = useWords()
  const names = isObject(value) ? value : {}
  const languages = { en: form.english, 'zh-Hans': form.chinese }
  return (
    <>
      {Object.entries(languages).map(([language, said]) => (
        <div key={language} className="field">
          <label htmlFor={idOf(`${pointer}/${language}`)}>{title} <span className="field-in">{said}</span></label>
          <TextInput pointer={`${pointer}/${language}`} value={names[language]} title={`${title} ${said}`} mayGo />
          {language === 'en' && <Problems pointer={pointer} />}
        </div>
      ))}
    </>
  )
}

/** A part that may be there or not. */
function Section({ pointer, value, schema, title }: { pointer: string; value: Json | undefined; schema: Schema; title: string }) {
  const { root, edit, focus } = useEditing()
  const { form } = useWords()
  const open = branchOf(schema, value, root)
  return (
    <fieldset className="form-wide df-section">
      <legend className="field-label">{title}</legend>
      {isObject(value) && (
        <div className="df-row">
          <div className="df-grid"><Fields pointer={pointer} part={value} schema={open} /></div>
          <div className="df-tools">
            <button type="button" className="re-tool" title={form.remove(title)} aria-label={form.remove(title)} onClick={() => edit(pointer, undefined)}>
              <Icon name="close" size={15} />
            </button>
          </div>
        </div>)}
      {!isObject(value) && (
        <div>
          <Button small onClick={() => {
            edit(pointer, blankField(open, root))
            focus(pointer)
          }}>{form.add(title)}</Button>
        </div>)}
    </fieldset>
  )
}
