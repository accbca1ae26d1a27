// Not from the package's index, which brings its helper for tests and, with it, a validator that needs `eval`.
import Form, { type IChangeEvent } from '@rjsf/core/lib/components/Form.js'
import type { TemplatesType } from '@rjsf/utils'
import { useCallback, useMemo } from 'react'
import type { Json, JsonObject } from '../../core/schema'
import { useEditing } from '../context'
import { outlineOf } from './outline'
import { PartField, RuleContext } from './PartField'
import { validator } from './rjsf-validator'
import { Cards, LabelledField, LeafInput } from './templates'

// At module level: templates made while rendering would take the focus away on each key.
const TEMPLATES: Partial<TemplatesType> = { FieldTemplate: LabelledField, ObjectFieldTemplate: Cards, BaseInputTemplate: LeafInput }
const FIELDS = { part: PartField }
const AS_WRITTEN = { emptyObjectFields: 'skipDefaults', arrayMinItems: { populate: 'never' } } as const

/** The rule as a form of its schema. */
export function RuleForm({ rule }: { rule: JsonObject }) {
  const { root, edit } = useEditing()
  const outline = useMemo(() => outlineOf(root), [root])
  const onChange = useCallback((event: IChangeEvent, id?: string) => {
    // Only leaves are written through the form library; parts write themselves.
    const name = id?.replace(/^root_/, '')
    if (name === undefined || outline.uiSchema[name] === undefined) return
    const data = event.formData as Record<string, Json | undefined>
    edit(`/${name}`, data[name] ?? undefined)
  }, [edit, outline])
  return (
    <RuleContext.Provider value={rule}>
      <Form tagName="div" className="re-form" schema={outline.schema} uiSchema={outline.uiSchema} formData={rule} validator={validator}
        templates={TEMPLATES} fields={FIELDS} noValidate noHtml5Validate experimental_defaultFormStateBehavior={AS_WRITTEN}
        onChange={onChange} />
    </RuleContext.Provider>
  )
}
