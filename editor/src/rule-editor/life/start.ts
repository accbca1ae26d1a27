import { isInstant } from '../../core/instant'
import { isObject, type JsonObject } from '../../core/schema'

/** When a rule comes into force, if that is to come; null for one that does so as soon as it is published. */
export function startOf(rule: JsonObject, now = Date.now()): string | null {
  const active = isObject(rule['active']) ? rule['active'] : {}
  const from = active['from']
  return typeof from === 'string' && isInstant(from) && Date.parse(from) > now ? from : null
}

/** The rule with another start: at an instant, or as soon as it is published; the same where it starts so already. */
export function startingAt(rule: JsonObject, from: string | null, now = Date.now()): JsonObject {
  const before = startOf(rule, now)
  if (before === from || (before !== null && from !== null && Date.parse(before) === Date.parse(from))) return rule
  const { from: _, ...rest } = isObject(rule['active']) ? rule['active'] : {}
  const active = from === null ? rest : { ...rest, from }
  if (Object.values(active).some((one) => one !== null)) return { ...rule, active }
  const { active: __, ...whole } = rule
  return whole
}
