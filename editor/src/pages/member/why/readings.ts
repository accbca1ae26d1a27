import type { Json, JsonObject } from '../../../core/types'
import type { Check } from './types'
import type { WhyWords } from './words'

export interface Telling {
  words: WhyWords['read']
  /** An instant as people read it. */
  moment: (at: string) => string
  /** What people call a rule. */
  rule: (key: string) => string
}

const UNITS = [[86_400, 'dayShort'], [3_600, 'hour'], [60, 'minute']] as const

/** A span of seconds in its largest whole unit. */
export function spanText(seconds: number, words: WhyWords['read']): string {
  for (const [size, unit] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)} ${words[unit]}`
  return `${Math.max(seconds, 0)} ${words.second}`
}

/** A rule as the list of rules to choose from shows it; of several with one name, each with its key. */
export function labelsOf(rules: readonly { key: string; label: string }[]): Map<string, string> {
  const seen = new Map<string, number>()
  for (const { label } of rules) seen.set(label, (seen.get(label) ?? 0) + 1)
  return new Map(rules.map(({ key, label }) => [seen.get(label) === 1 ? label : `${label} (${key})`, key]))
}

/** What was read of a part of the list, and what it is held against; nothing where its name says it all. */
export function readingsOf({ kind, read, state }: Pick<Check, 'kind' | 'read' | 'state'>, telling: Telling): string[] {
  const { words, moment } = telling
  const at = (name: string): string | null => (typeof read[name] === 'string' ? moment(read[name]) : null)
  const count = (name: string): number | null => (typeof read[name] === 'number' ? read[name] : null)
  const text = (name: string): string | null => (typeof read[name] === 'string' ? read[name] : null)
  const said: (string | false | null)[] = []
  switch (kind) {
    case 'published': {
      const version = count('version')
      const since = at('since')
      if (since !== null) said.push(version === null ? words.later(since) : words.version(version, since))
      break
    }
    case 'trigger':
      said.push(...triggerOf(read, state, telling))
      break
    case 'lineage':
      said.push(words.rules(keysOf(read['rules']).map(telling.rule).join(', ')))
      break
    case 'campaign':
    case 'active':
      said.push(text('campaign') && words.campaign(text('campaign') ?? ''), ...periodOf(at('from'), at('until'), words))
      break
    case 'late': {
      const hours = count('late_after_hours')
      said.push(words.delay(spanText(count('delay_seconds') ?? 0, words)), hours !== null && words.lateAfter(hours), words.policies[text('policy') ?? ''] ?? null)
      break
    }
    case 're_entry':
      said.push(read['policy'] === 'once' && words.once, (count('entered') ?? 0) > 0 && words.entered(count('entered') ?? 0), at('waiting_until') && words.waiting(at('waiting_until') ?? ''))
      break
    case 'hold_out':
      said.push(...asideOf(count, words))
      break
    case 'per_member':
      said.push(words.spent(count('fired') ?? 0, count('times') ?? 0), at('since') && words.since(at('since') ?? ''))
      break
    case 'group':
      said.push(words.group(text('group') ?? ''), keysOf(read['rules']).length > 0 && words.rules(keysOf(read['rules']).map(telling.rule).join(', ')))
      break
    case 'total':
      said.push(words.total(count('total') ?? 0))
      break
    case 'budget':
      said.push(...['budget', 'campaign_budget'].map((name) => text(name) && words.budget(text(name) ?? '')))
      break
    case 'messages':
      said.push(...messagesOf(read['messages'], telling))
      break
    default:
      break
  }
  return said.filter((one): one is string => typeof one === 'string' && one !== '')
}

function keysOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

function periodOf(from: string | null, until: string | null, words: WhyWords['read']): (string | null)[] {
  return [from && words.from(from), until && words.until(until)]
}

function triggerOf(read: JsonObject, state: Check['state'], { words, moment }: Telling): (string | null)[] {
  const at = (name: string): string | null => (typeof read[name] === 'string' ? moment(read[name] as string) : null)
  const [last, armed, due, since] = [at('last'), at('armed_at'), at('due_at'), at('since')]
  const never = state === 'fails' && 'last' in read && last === null
  return [
    never ? words.neverHappened : last && words.last(last), armed && words.armed(armed), due && words.due(due), since && words.trueSince(since),
  ]
}

function asideOf(count: (name: string) => number | null, words: WhyWords['read']): (string | null)[] {
  const [percent, place, ofCampaign, placeThere] = ['percent', 'place', 'campaign_percent', 'campaign_place'].map(count)
  return [
    percent != null && place != null ? words.aside(percent, place) : null,
    ofCampaign != null && placeThere != null ? words.asideOfCampaign(ofCampaign, placeThere) : null,
  ]
}

function messagesOf(value: Json | undefined, { words, moment }: Telling): string[] {
  if (!Array.isArray(value)) return []
  return value.map((one) => {
    const { channel, template, suppressed, until } = one as Record<string, string | null>
    const came = suppressed ? words.suppressed(suppressed) : until ? words.heldUntil(moment(until)) : words.sent
    return `${channel ?? ''} ${template ?? ''}: ${came}`.trim()
  })
}
