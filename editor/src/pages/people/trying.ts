/** A harmless call for each thing that a key may do, by which one sees that it works; null where every call changes something. */
const CALLS: readonly (readonly [scope: string, path: string, body: string])[] = [
  ['members:read', '/v1/members', ''],
  ['decisions:read', '/v1/decisions', ''],
  ['rules:write', '/v1/segments', ''],
  ['redeem', '/v1/coupons/validate', '{"code": "TEST"}'],
  ['metrics:read', '/metrics', ''],
  ['events:write', '/v1/track', '{"userId": "test-1", "event": "Checked In"}'],
]

/** A command that tries a key out, the least that it may do first. */
export function commandOf(key: string, scopes: readonly string[], origin: string): string | null {
  const found = CALLS.find(([scope]) => scopes.includes(scope))
  if (found === undefined) return null
  const [, path, body] = found
  const sent = body === '' ? '' : ` \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`
  return `curl -u ${key}: ${origin}${path}${sent}`
}
