import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { ZoneProvider } from '../../app/zone'
import { Busy } from '../../components/Busy'
import { ButtonLink } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { api, type Consent, type MemberDetail } from '../../core/api'
import { usePageMessages } from '../messages'
import { Balances } from './Balances'
import { ByHand, type Doing } from './ByHand'
import { ConsentDialog } from './ConsentDialog'
import { AllCoupons, Coupons } from './Coupons'
import { Journeys } from './Journeys'
import { Ledger } from './Ledger'
import { MemberHoldings } from './MemberHoldings'
import { MemberProfile } from './MemberProfile'
import { Erased, PersonalData } from './Personal'
import { MemberTimeline } from './MemberTimeline'
import { Merged } from './Merged'
import { Messages } from './Messages'
import { Reach, Waiting } from './Reach'
import { Levels, Memberships } from './Standing'
import { useWords } from './words'

const VIEWS = ['timeline', 'ledger', 'coupons', 'messages'] as const
type View = (typeof VIEWS)[number]

/** What happened to the member: all of it, or only what moved units or coupons. */
function Story({ member }: { member: MemberDetail }) {
  const words = useWords()
  const [view, setView] = useState<View>('timeline')
  return (
    <section className="card" aria-labelledby="story">
      <div className="card-head">
        <h2 id="story">{words.views[view]}</h2>
        <div className="segments head-end" role="group" aria-label={words.show}>
          {VIEWS.map((one) => <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>{words.views[one]}</button>)}
        </div>
      </div>
      {view === 'timeline' && <MemberTimeline member={member} />}
      {view === 'ledger' && <Ledger member={member} />}
      {view === 'coupons' && <AllCoupons member={member} />}
      {view === 'messages' && <Messages member={member} />}
    </section>
  )
}

export function MemberPage({ id }: { id: string }) {
  const messages = usePageMessages()
  const { member: words } = messages
  const { hand } = useWords()
  const may = useMay()
  const { data: member, error, reload } = useLoading(id, () => api.member(id))
  const [doing, setDoing] = useState<Doing | null>(null)
  const [consent, setConsent] = useState<Consent | null>(null)
  const [done, setDone] = useState(false)
  const back = <Link href="/members">← {messages.backTo(messages.members.title)}</Link>
  const query = encodeURIComponent(id)
  const begin = (what: Doing) => () => {
    setDone(false)
    setDoing(what)
  }
  const asking = (one: Consent) => {
    setDone(false)
    setConsent(one)
  }
  const finish = () => {
    setDoing(null)
    setConsent(null)
    setDone(true)
    reload()
  }
  const byHand = (what: 'adjust' | 'level' | 'membership' | 'coupon' | 'tag') => (may.write ? begin({ what }) : undefined)
  return (
    <PageFrame
      title={member?.id ?? id}
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
      <div role="status">{done && <p className="note note-done filters">{hand.done}</p>}</div>
      {!member && !error && <Busy />}
      {member && (
        <ZoneProvider value={member.zone}>
          <div className="member-grid">
            <Story member={member} />
            <div className="stack">
              {member.erased && <Erased erased={member.erased} />}
              {!member.erased && (
                <>
                <Balances balances={member.balances} onAdjust={byHand('adjust')} />
                <Levels levels={member.levels} onSet={byHand('level')} />
                <Coupons coupons={member.coupons} onGive={byHand('coupon')}
                  onVoid={may.write ? (coupon) => begin({ what: 'void', coupon })() : undefined} />
                <Memberships memberships={member.memberships} onChange={byHand('membership')} />
                <Journeys journeys={member.journeys} />
                <Waiting waiting={member.waiting} />
                <Reach consent={member.consent} onChange={may.write ? asking : undefined} />
                <MemberProfile member={member} />
                <Merged member={member} />
                <MemberHoldings member={member} onTag={byHand('tag')} onUntag={may.write ? (tag) => begin({ what: 'untag', tag })() : undefined} />
                </>
              )}
              {may.administer && <PersonalData member={member} onErased={finish} />}
            </div>
          </div>
          {doing && <ByHand member={member} doing={doing} onClose={() => setDoing(null)} onDone={finish} />}
          {consent && <ConsentDialog member={member.id} consent={consent} onClose={() => setConsent(null)} onDone={finish} />}
        </ZoneProvider>
      )}
    </PageFrame>
  )
}
