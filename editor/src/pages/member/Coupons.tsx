import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Chip, type Tone } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { Time } from '../../components/Time'
import { api, type CouponHeld, type CouponState, type MemberDetail } from '../../core/api'
import { useLanguage } from '../../core/language'
import { useWords } from './words'

const TONES: Record<CouponState, Tone> = { issued: 'green', held: 'blue', redeemed: 'violet', expired: 'grey', voided: 'red' }

function State({ state }: { state: CouponState }) {
  return <Chip tone={TONES[state] ?? 'grey'}>{useWords().states[state] ?? state}</Chip>
}

interface CouponsProps {
  coupons: readonly CouponHeld[]
  onGive?: () => void
  onVoid?: (coupon: CouponHeld) => void
}

/** The coupons that the member has now: those that can be used stand first. */
export function Coupons({ coupons, onGive, onVoid }: CouponsProps) {
  const words = useWords()
  const expired = coupons.filter((one) => one.state === 'expired')
  return (
    <section className="card" aria-labelledby="coupons">
      <div className="card-head">
        <h2 id="coupons">{words.coupons}</h2>
        {onGive && <Button small className="head-end" onClick={onGive}>{words.hand.coupon}</Button>}
      </div>
      {coupons.length === 0 && <p className="quiet">{words.noCoupons}</p>}
      <List coupons={coupons.filter((one) => one.state !== 'expired')} onVoid={onVoid} />
      {expired.length > 0 && (
        <details>
          <summary>{words.ended(expired.length)}</summary>
          <List coupons={expired} />
        </details>
      )}
    </section>
  )
}

function List({ coupons, onVoid }: Pick<CouponsProps, 'coupons' | 'onVoid'>) {
  const words = useWords()
  const { pick } = useLanguage()
  return (
    <ul className="items">
      {coupons.map((coupon) => (
        <li key={coupon.code}>
          <div className="row">
            <b title={coupon.coupon}>{pick(coupon.name) || coupon.coupon}</b>
            <State state={coupon.state} />
          </div>
          <div className="row">
            <span className="holder mono">{coupon.code}</span>
            {onVoid && coupon.state === 'issued' && (
              <Button small kind="quiet" className="head-end" aria-label={`${words.hand.void}: ${coupon.code}`} onClick={() => onVoid(coupon)}>
                {words.hand.void}
              </Button>)}
          </div>
          <p className="holder">
            {words.issued} <Time at={coupon.issued_at} /> · {coupon.expires_at
              ? <>{coupon.state === 'expired' ? words.expired : words.expires} <Time at={coupon.expires_at} /></>
              : words.noExpiry}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Every coupon that the member was ever given, and what became of it. */
export function AllCoupons({ member }: { member: MemberDetail }) {
  const words = useWords()
  const { pick } = useLanguage()
  const { data, error, reload } = useLoading(`${member.id}\n${member.events}`, () => api.coupons(member.id))
  return (
    <>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && <p className="quiet">{words.noneEver}</p>}
      {data && data.items.length > 0 && (
        <Table
          caption={words.views.coupons}
          rows={data.items}
          keyOf={(one) => one.code}
          columns={[
            { key: 'coupon', head: words.coupon, cell: (one) => <div><b title={one.coupon}>{pick(one.name) || one.coupon}</b><div className="small mono">{one.code}</div></div> },
            { key: 'state', head: words.state, cell: (one) => <State state={one.state} /> },
            { key: 'given', head: words.given, cell: (one) => <Link href={`/decisions/${one.sequence}`}><Time at={one.issued_at} /></Link> },
            { key: 'ends', head: words.ends, cell: (one) => <Time at={one.ended_at ?? one.expires_at} /> },
            { key: 'order', head: words.order, cell: (one) => one.order_id ?? <span className="quiet">–</span> },
          ]}
        />
      )}
    </>
  )
}
