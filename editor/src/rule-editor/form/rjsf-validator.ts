import { toErrorList, type RJSFSchema, type RJSFValidationError, type ValidationData, type ValidatorType } from '@rjsf/utils'
import type { Json, Schema } from '../../core/schema'
import { isValid, problemsOf } from '../../core/validator'

/** Our validator in the shape in which the form library asks for one. */
export const validator: ValidatorType = {
  isValid(schema: RJSFSchema, formData: unknown): boolean {
    return isValid(schema as Schema, formData as Json)
  },
  rawValidation<Result>(schema: RJSFSchema, formData?: unknown): { errors?: Result[] } {
    return { errors: problemsOf(schema as Schema, formData as Json) as Result[] }
  },
  validateFormData(formData: unknown, schema: RJSFSchema): ValidationData<unknown> {
    const errors = problemsOf(schema as Schema, formData as Json).map(({ path, text }): RJSFValidationError => ({
      message: text, property: path.replaceAll('/', '.'), stack: text,
    }))
    return { errors, errorSchema: errors.length === 0 ? {} : { __errors: toErrorList({ __errors: errors.map((one) => one.stack) }).map((one) => one.stack) } }
  },
}
