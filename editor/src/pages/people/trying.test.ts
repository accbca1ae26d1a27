import { expect, test } from 'vitest'
import { commandOf } from './trying'

test('a key is tried by what changes least', () => {
  expect(commandOf('rg_1_x', ['events:write', 'members:read'], 'https://shop.example')).toBe('curl -u rg_1_x: https://shop.example/v1/members')
  const posted = commandOf('rg_1_x', ['events:write'], 'https://shop.example')
  expect(posted).toContain("/v1/track \\\n  -H 'Content-Type: application/json'")
  expect(JSON.parse(/-d '(.*)'/.exec(posted ?? '')?.[1] ?? '')).toEqual({ userId: 'test-1', event: 'Checked In' })
})

test('nothing is offered for a key whose every call changes something', () => {
  expect(commandOf('rg_1_x', ['members:erase'], 'https://shop.example')).toBeNull()
})
