import { Chip } from '../../components/Chip'
import type { Definition, DefinitionKind, JsonObject } from '../../core/types'
import { useLanguage, type Text } from '../../core/language'
import { useMessages } from '../../messages'
import { textOf } from './drafts'

/** What is worth knowing of a definition at a glance. */
export function About({ kind, definition }: { kind: DefinitionKind; definition: Definition }) {
  const { definitions: words } = useMessages()
  const { pick } = useLanguage()
  const one = definition as JsonObject
  switch (kind) {
    case 'tags':
      return <span>{textOf(one.meaning)}{one.category ? <> <Chip>{textOf(one.category)}</Chip></> : null}</span>
    case 'coupons': {
      const worth = one.kind === 'percent' ? `${textOf(one.value)}%` : `${textOf(one.value)} ${textOf(one.currency)}`
      const parts = [
        one.kind === 'gift' ? words.couponKinds.gift : words.off(worth),
        one.minimum_spend ? words.least(`${textOf(one.minimum_spend)} ${textOf(one.currency)}`) : '',
        typeof one.valid_days === 'number' ? words.days(one.valid_days) : words.noEnd,
      ]
      return <span>{parts.filter(Boolean).join(' · ')}</span>
    }
    case 'templates':
      return <span className="clamp">{pick(one.body as Text)}</span>
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
