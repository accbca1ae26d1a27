import { describe, expect, test } from 'vitest'
import { inOrder, type Json } from './schema'
import { addCondition, duplicate, get, insert, moveInto, moveOut, pathOf, pointer, remove, same, set, shift, ungroup } from './tree'

const a: Json = {type: 'compare', fact: 'member.a'}
const b: Json = {type: 'compare', fact: 'member.b'}
const c: Json = {type: 'compare', fact: 'member.c'}
const group = (...of: Json[]): Json => ({type: 'any', of})
const rule = (condition: Json): Json => ({if: condition})

describe('places', () => {
  test('are read and written without changing the document given', () => {
    const before = rule(group(a, b))
    const after = set(before, ['if', 'of', 1, 'fact'], 'member.x')
    expect(get(after, ['if', 'of', 1, 'fact'])).toBe('member.x')
    expect(get(before, ['if', 'of', 1, 'fact'])).toBe('member.b')
    expect(set({x: 1, y: 2}, ['x'], undefined)).toEqual({y: 2})
    expect(get(before, ['if', 'gone', 0])).toBeUndefined()
  })

  test('are the same as pointers', () => {
    const document: Json = {then: [{'a/b~': 1}]}
    expect(pointer(['then', 0, 'a/b~'])).toBe('/then/0/a~1b~0')
    expect(pathOf(document, '/then/0/a~1b~0')).toEqual(['then', 0, 'a/b~'])
    expect(pathOf(document, '')).toEqual([])
  })
})

describe('moves', () => {
  test('up and down, and not beyond the end', () => {
    expect(shift(rule(group(a, b)), ['if', 'of', 1], -1)).toEqual({document: rule(group(b, a)), path: ['if', 'of', 0]})
    expect(shift(rule(group(a, b)), ['if', 'of', 1], 1)).toBeNull()
    expect(shift(rule(a), ['if'], 1)).toBeNull()
  })

  test('into the group above or below, and out again', () => {
    expect(moveInto(rule(group(group(a), b)), ['if', 'of', 1]))
      .toEqual({document: rule(group(group(a, b))), path: ['if', 'of', 0, 'of', 1]})
    expect(moveInto(rule(group(b, group(a))), ['if', 'of', 0]))
      .toEqual({document: rule(group(group(b, a))), path: ['if', 'of', 0, 'of', 0]})
    expect(moveInto(rule(group(a, b)), ['if', 'of', 0])).toBeNull()
    expect(moveOut(rule(group(group(a, b), c)), ['if', 'of', 0, 'of', 0]))
      .toEqual({document: rule(group(group(b), a, c)), path: ['if', 'of', 1]})
    expect(moveOut(rule(group(a)), ['if', 'of', 0])).toBeNull()
  })

  test('duplicate, remove, insert, ungroup', () => {
    expect(duplicate(rule(group(a, b)), ['if', 'of', 0])?.document).toEqual(rule(group(a, a, b)))
    expect(remove(rule(group(a, b)), ['if', 'of', 0])).toEqual(rule(group(b)))
    expect(remove(rule(a), ['if'])).toEqual({})
    expect(insert({}, ['then'], 0, a)).toEqual({then: [a]})
    expect(ungroup(rule(group(c, group(a, b))), ['if', 'of', 1])).toEqual(rule(group(c, a, b)))
  })

  test('the first condition stands alone, the second makes a group', () => {
    expect(addCondition({}, ['if'], a)).toEqual({document: {if: a}, path: ['if']})
    expect(addCondition({if: a}, ['if'], b)).toEqual({document: {if: {type: 'all', of: [a, b]}}, path: ['if', 'of', 1]})
    expect(addCondition(rule(group(a)), ['if'], b).document).toEqual(rule(group(a, b)))
  })
})

test('same is by value', () => {
  expect(same({a: [1, {b: null}]}, {a: [1, {b: null}]})).toBe(true)
  expect(same({a: 1}, {a: 1, b: 2})).toBe(false)
  expect(same([1], {0: 1})).toBe(false)
})

test('a document is written in the order in which it is read', () => {
  const made = inOrder({ then: [{ points: 5, type: 'award_points' }], extra: null, key: 'a' }, ['key', 'then'])
  expect(JSON.stringify(made)).toBe('{"key":"a","then":[{"type":"award_points","points":5}],"extra":null}')
})
