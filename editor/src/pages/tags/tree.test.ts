import { expect, it } from 'vitest'
import type { TagRow } from './api'
import { inTree, stands } from './tree'

const tag = (key: string, more: Partial<TagRow> = {}): TagRow => ({
  tag: key, name: { en: key, 'zh-Hans': key }, defined: true, meaning: '', retired: false, members: 0, holders: { rule: 0, person: 0, api: 0 },
  last_put_on: null, used_by: [], findings: [], ...more,
})

it('puts tags under the one they stand below, however deep', () => {
  const rows = [tag('a'), tag('b', { parent: 'd' }), tag('c', { parent: 'b' }), tag('d'), tag('e', { parent: 'gone' })]
  expect(inTree(rows).map(({ row, depth }) => `${depth}${row.tag}`)).toEqual(['0a', '0d', '1b', '2c', '0e'])
})

it('knows which tags are in use', () => {
  expect([tag('a'), tag('b', { retired: true }), tag('c', { merged_into: 'a' }), tag('d', { defined: false })].map(stands)).toEqual([true, false, false, false])
})
