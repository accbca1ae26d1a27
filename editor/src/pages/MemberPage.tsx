import { useLoading } from '../app/loading'
import { Link } from '../app/router'
import { useMay } from '../app/session'
import { ZoneProvider } from '../app/zone'
import { Busy } from '../components/Busy'
import { ButtonLink } from '../components/Button'
import { ErrorNote } from '../components/ErrorNote'
import { PageFrame } from '../components/PageFrame'
import { api } from '../core/api'
import { useMessages } from '../messages'
import { MemberHoldings } from './MemberHoldings'
import { MemberProfile } from './MemberProfile'
import { MemberTimeline } from './MemberTimeline'

export function MemberPage({ id }: { id: string }) {
  const messages = useMessages()
  const { member: words } = messages
  const may = useMay()
  const { data: member, error, reload } = useLoading(id, () => api.member(id))
  const back = <Link href="/members">← {messages.backTo(messages.members.title)}</Link>
  const query = encodeURIComponent(id)
  return (
    <PageFrame
      title={id}
      lead={member ? messages.zoneNote(member.zone) : undefined}
      back={back}
      actions={
        <>
          <ButtonLink href={`/decisions?member=${query}`}>{words.decisions}</ButtonLink>
          {may.replay && <ButtonLink href={`/replays?member=${query}`}>{words.replay}</ButtonLink>}
        </>
      }
    >
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!member && !error && <Busy />}
      {member && (
        <ZoneProvider value={member.zone}>
          <div className="member-grid">
            <MemberTimeline member={member} />
            <div className="stack">
              <MemberProfile member={member} />
              <MemberHoldings member={member} />
            </div>
          </div>
        </ZoneProvider>
      )}
    </PageFrame>
  )
}
