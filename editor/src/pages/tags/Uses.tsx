import { Link } from '../../app/router'
import { Chip } from '../../components/Chip'
import { useLanguage } from '../../core/language'
import type { TagUse } from './api'
import { useWords } from './words'

/** Rules and definitions that name a tag, each with what for. */
export function Uses({ uses }: { uses: readonly TagUse[] }) {
  const words = useWords()
  const { pick } = useLanguage()
  const href = (one: TagUse): string => one.kind === 'rule' ? `/rules/${encodeURIComponent(one.key)}` : `/definitions?kind=${one.kind}`
  return (
    <ul className="items small">
      {uses.map((one) => (
        <li key={`${one.kind} ${one.key} ${one.draft}`}>
          <Link href={href(one)}>{pick(one.name) || one.key}</Link>{' '}
          <span className="quiet">{one.how.map((how) => words.how[how]).join(' · ')}</span>
          {one.draft && <> <Chip tone="amber">{words.draft}</Chip></>}
        </li>
      ))}
    </ul>
  )
}
