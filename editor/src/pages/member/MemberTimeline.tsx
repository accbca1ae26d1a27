import { capital } from '../../app/names'
import { usePaging } from '../../app/paging'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { ButtonLink } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { isTelling, OutcomeLine } from '../../components/OutcomeLine'
import { Properties } from '../../components/Properties'
import { Time } from '../../components/Time'
import { api, type Entry, type MemberDetail } from '../../core/api'
import { useLanguage } from '../../core/language'
import { usePageMessages } from '../messages'
import { memberAddress } from './address'

function TimelineEntry({ entry, member }: { entry: Entry; member: string }) {
  const { member: words, modes } = usePageMessages()
  const { pick } = useLanguage()
  const label = capital(pick(entry.label) || entry.name)
  const outcomes = entry.decision?.outcomes ?? []
  const telling = outcomes.filter(isTelling)
  const others = outcomes.length - telling.length
  return (
    <li className={outcomes.some((outcome) => outcome.effects.length > 0) ? 'acted' : undefined}>
      <div className="timeline-head">
        <b title={entry.name}>{label}</b>
        <Time at={entry.occurred_at} />
        {entry.mode !== 'live' && <Chip>{modes[entry.mode]}</Chip>}
        {entry.decision && (
          <ButtonLink small href={`/decisions/${encodeURIComponent(entry.decision.id)}`} aria-label={words.whyLabel(label)}>
            {words.why}
          </ButtonLink>
        )}
      </div>
      <Properties of={entry} />
      {telling.map((outcome, index) => <OutcomeLine key={index} outcome={outcome} />)}
      <p className="quiet small">
        {outcomes.length === 0
          ? words.noDecision
          : telling.length === 0 ? words.nothingFired(others) : others > 0 ? words.others(others) : ''}{' '}
        <Link href={memberAddress(member, { why: '', at: entry.as_of })}>{telling.length === 0 ? words.whyNothing : words.whyNot}</Link>
      </p>
    </li>
  )
}

export function MemberTimeline({ member }: { member: MemberDetail }) {
  const { member: words } = usePageMessages()
  const list = usePaging(`${member.id}\n${member.events}`, (before) => api.timeline(member.id, before ?? (member.as_of === undefined ? null : member.events + 1)))
  return (
    <>
      <p className="quiet small">{words.timelineNote}</p>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && <p className="quiet">{words.noTimeline}</p>}
      <ol className="timeline">
        {list.items?.map((entry) => <TimelineEntry key={entry.sequence} entry={entry} member={member.id} />)}
      </ol>
      <More list={list} />
    </>
  )
}
