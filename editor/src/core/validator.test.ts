import { expect, test } from 'vitest'
import language from '../../../tests/editor/language.json'
import wording from '../../../tests/editor/wording.json'
import type { Json, Schema } from './schema'
import { isValid, problemsOf } from './validator'

const schema = language.schema as unknown as Schema
const documents = (wording as unknown as { document: Json }[]).map((one) => one.document)

test('every rule that the engine reads is valid here', () => {
  for (const document of documents) expect(problemsOf(schema, document)).toEqual([])
})

test('only the mistakes of the branch that is meant are named, at their places', () => {
  const document: Json = {
    key: 'Not A Key',
    name: { en: 'A' },
    when: { type: 'absence', event: 'Order Completed', for: { days: 0 } },
    then: [{ type: 'add_tag' }, { type: 'award_points', points: 'many' }, { type: 'dance' }],
  }
  expect(problemsOf(schema, document).map((one) => one.path).sort())
    .toEqual(['/key', '/then/0', '/then/1/points', '/then/2/type', '/when/for/days'])
  expect(isValid(schema, document)).toBe(false)
})
