import { lazy, Suspense, useState } from 'react'
import { useLoading } from '../../app/loading'
import { Link, useAddress } from '../../app/router'
import { useMay } from '../../app/session'
import { ZoneProvider } from '../../app/zone'
import { Busy } from '../../components/Busy'
import { ButtonLink } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { api, type Consent, type MemberDetail } from '../../core/api'
import { usePageMessages } from '../messages'
import { lookingOf, memberAddress } from './address'
import { AsOfBanner, AsOfForm, NothingThen } from './AsOf'
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

// Asked now and then, with words of its own for everything that may be in a rule's way.
const WhyPanel = lazy(async () => ({ default: (await import('./why/WhyPanel')).WhyPanel }))

const VIEWS = ['timeline', 'ledger', 'coupons', 'messages'] as const
type View = (typeof VIEWS)[number]

/** Those of the views that can be had of a past instant. */
const viewsOf = ({ as_of, known_at }: MemberDetail): readonly View[] =>
  as_of === undefined ? VIEWS : known_at ? ['timeline'] : ['timeline', 'ledger']

/** What happened to the member: all of it, or only what moved units or coupons. */
function Story({ member }: { member: MemberDetail }) {
  const words = useWords()
  const [chosen, setView] = useState<View>('timeline')
  const views = viewsOf(member)
  const view = views.includes(chosen) ? chosen : 'timeline'
  return (
    <section className="card" aria-labelledby="story">
      <div className="card-head">
        <h2 id="story">{words.views[view]}</h2>
        <div className="segments head-end" role="group" aria-label={words.show}>
          {views.map((one) => <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>{words.views[one]}</button>)}
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
  const { hand, whyOpen } = useWords()
  const looking = lookingOf(useAddress().search)
  const { asOf, knownAt } = looking
  const then = asOf !== '' || knownAt !== ''
  const may = useMay()
  const writes = may.write && !then
  const { data: member, error, loading, reload } = useLoading(`${id}\n${asOf}\n${knownAt}`, () => api.member(id, { as_of: asOf, known_at: knownAt }))
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
  const byHand = (what: 'adjust' | 'level' | 'membership' | 'coupon' | 'tag') => (writes ? begin({ what }) : undefined)
  return (
    <PageFrame
      title={member?.id ?? id}
      lead={member ? messages.zoneNote(member.zone) : undefined}
      back={back}
      actions={
        <>
          {looking.why === null && <ButtonLink href={memberAddress(id, { ...looking, why: '' })}>{whyOpen}</ButtonLink>}
          <ButtonLink href={`/decisions?member=${query}`}>{words.decisions}</ButtonLink>
          {may.replay && <ButtonLink href={`/replays?member=${query}`}>{words.replay}</ButtonLink>}
        </>
      }
    >
      <AsOfBanner id={id} looking={looking} />
      {error && (then ? <><NothingThen error={error} onRetry={reload} /><AsOfForm id={id} looking={looking} /></> : <ErrorNote error={error} onRetry={reload} />)}
      <div role="status">{done && <p className="note note-done filters">{hand.done}</p>}</div>
      {!member && !error && <Busy />}
      {member && (
        <ZoneProvider value={member.zone}>
          {looking.why !== null && (
            <Suspense fallback={<Busy />}>
              <WhyPanel member={id} rule={looking.why} erased={member.erased?.at} at={looking.at} addressOf={(asked) => memberAddress(id, { ...looking, ...asked })} />
            </Suspense>
          )}
          <AsOfForm key={`${asOf} ${knownAt}`} id={id} looking={looking} />
          <div className={loading ? 'member-grid loading' : 'member-grid'} aria-busy={loading}>
            <Story member={member} />
            <div className="stack">
              {member.erased && <Erased erased={member.erased} />}
              {!member.erased && (
                <>
                <Balances balances={member.balances} onAdjust={byHand('adjust')} />
                <Levels levels={member.levels} onSet={byHand('level')} />
                <Coupons coupons={member.coupons} onGive={byHand('coupon')}
                  onVoid={writes ? (coupon) => begin({ what: 'void', coupon })() : undefined} />
                <Memberships memberships={member.memberships} onChange={byHand('membership')} />
                <Journeys journeys={member.journeys} />
                <Waiting waiting={member.waiting} />
                <Reach consent={member.consent} onChange={writes ? asking : undefined} />
                <MemberProfile member={member} />
                <Merged member={member} />
                <MemberHoldings member={member} onTag={byHand('tag')} onUntag={writes ? (tag) => begin({ what: 'untag', tag })() : undefined} />
                </>
              )}
              {may.administer && !then && <PersonalData member={member} onErased={finish} />}
            </div>
          </div>
          {doing && <ByHand member={member} doing={doing} onClose={() => setDoing(null)} onDone={finish} />}
          {consent && <ConsentDialog member={member.id} consent={consent} onClose={() => setConsent(null)} onDone={finish} />}
        </ZoneProvider>
      )}
    </PageFrame>
  )
}
