import { useNumber } from '../../components/Time'
import { useNames } from '../../app/names'
import { useZone } from '../../app/zone'
import { Chip } from '../../components/Chip'
import { moneyText } from '../../core/amounts'
import { momentText } from '../../core/instant'
import type { Definition, DefinitionKind, Json, JsonObject } from '../../core/types'
import { useLanguage, type Text } from '../../core/language'
import { textOf } from './drafts'
import { useWords } from './words'

/** What is worth knowing of a definition at a glance. */
export function About({ kind, definition }: { kind: DefinitionKind; definition: Definition }) {
  const words = useWords()
  const { pick, language } = useLanguage()
  const { event } = useNames()
  const zone = useZone()
  const number = useNumber()
  const { about } = words
  const one = definition as JsonObject
  const priced = (amount: string, currency: string): string => (currency === '' ? amount : moneyText(amount, currency, language))
  const money = (amount: Json | undefined): string => (amount === undefined || amount === null ? '' : priced(textOf(amount), textOf(one.currency)))
  const lasting = (duration: Json | undefined): string => {
    const [said] = Object.entries((duration ?? {}) as JsonObject)
    return said === undefined ? '' : words.duration(Number(said[1]), said[0])
  }
  const line = (...parts: string[]) => <span>{parts.filter(Boolean).join(' · ')}</span>
  const rows = (name: string): JsonObject[] => (Array.isArray(one[name]) ? (one[name] as JsonObject[]) : [])
  const moment = (instant: Json | undefined): string => momentText(textOf(instant), language, zone)
  switch (kind) {
    case 'tags':
      return <span>{textOf(one.meaning)}{one.group ? <> <Chip>{textOf(one.group)}</Chip></> : null}</span>
    case 'segments':
      return <span>{textOf(one.meaning)}{one.kind === 'list' && <> <Chip>{about.list}</Chip></>}</span>
    case 'scores':
      return line(event(textOf(one.event)), about.inTheLast(lasting(one.within)), ...rows('bands').map((band) => pick(band.name as Text) || textOf(band.key)))
    case 'coupons':
      return line(
        about.coupon[textOf(one.kind)]?.(one.kind === 'percent' || one.kind === 'second_item' ? textOf(one.value) : money(one.value)) ?? '',
        one.minimum_spend ? (one.above === true ? about.above : about.least)(money(one.minimum_spend)) : '',
        typeof one.valid_days === 'number' ? words.duration(one.valid_days, 'days') : one.valid_until ? '' : words.noEnd,
        typeof one.total === 'number' ? about.left(number(one.total)) : '',
      )
    case 'units': {
      const pays = one.deduction as JsonObject | undefined
      return line(
        about.unit[textOf(one.kind ?? 'points')] ?? '',
        one.expires_after ? about.expires(lasting(one.expires_after)) : about.never,
        pays ? about.pays(textOf(pays.units), priced(textOf(pays.worth), textOf(pays.currency))) : '',
      )
    }
    case 'ladders':
      return line(...rows('tiers').map((tier) => about.tier(pick(tier.name as Text) || textOf(tier.key), textOf(tier.reached_at))))
    case 'memberships':
      return line(lasting(one.lasts), one.fee ? money(one.fee) : about.free, one.invitation ? about.invited : '')
    case 'budgets':
      return line([money(one.amount), about.counts[textOf(one.counts)] ?? '', about.each[textOf(one.period ?? 'total')] ?? ''].filter(Boolean).join(' '))
    case 'wheels':
      return line(...rows('prizes').map((prize) => pick(prize.name as Text) || textOf(prize.key)))
    case 'campaigns':
      return line(one.from || one.until ? `${moment(one.from)} – ${moment(one.until)}` : '', textOf(one.budget), textOf(one.owner))
    case 'queues':
      return line(textOf(one.meaning), textOf(one.worked_by))
    case 'contact':
      return line(...rows('caps').map((cap) => about.cap(textOf(cap.times), lasting(cap.within))))
    case 'channels':
      return line(about.consent[textOf(one.consent ?? 'opt_out')] ?? '', textOf(one.endpoint))
    case 'templates':
      return (
        <div>
          {one.purpose === 'service' && <Chip tone="blue">{about.service}</Chip>}
          <span className="clamp">{pick(one.body as Text)}</span>
        </div>
      )
    case 'endpoints':
      return <code>{textOf(one.url)}</code>
    case 'attributes':
      return (
        <span className="row">
          {words.types[one.type as keyof typeof words.types]}
          {one.personal === true && <Chip tone="violet">{words.personalChip}</Chip>}
        </span>
      )
    case 'events':
      return <span>{words.properties(Array.isArray(one.properties) ? one.properties.length : 0)}</span>
  }
}
