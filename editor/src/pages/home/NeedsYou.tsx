import type { ReactNode } from 'react'
import { Link } from '../../app/router'
import { ButtonLink } from '../../components/Button'
import { Chip, type Tone } from '../../components/Chip'
import { Time, useNumber } from '../../components/Time'
import { moneyText } from '../../core/amounts'
import { useLanguage } from '../../core/language'
import type { Low, Needs } from './answers'
import { useWords } from './words'

const DEFINED_AS = { budget: 'budgets', coupon: 'coupons', prize: 'wheels' } as const

/** What waits for somebody: drafts to be approved, letters given up, timers that failed, what runs out. */
export function NeedsYou({ needs }: { needs: Needs }) {
  const words = useWords()
  const number = useNumber()
  const { approvals, dead_letters: dead, put_off: putOff, running_out: low } = needs
  const quiet = approvals.count + dead + putOff.count + low.length === 0
  return (
    <section className="card" aria-labelledby="hm-needs">
      <h2 id="hm-needs">{words.needs}</h2>
      {quiet && <p className="quiet">{words.nothing}</p>}
      {!quiet && (
        <ul className="hm-needs">
          {approvals.count > 0 && <Approvals approvals={approvals} />}
          {dead > 0 && (
            <Need tone="red" title={words.dead(number(dead))} action={<ButtonLink small href="/outbox?status=dead">{words.deadAction}</ButtonLink>}>
              <p className="quiet small">{words.deadText}</p>
            </Need>
          )}
          {putOff.count > 0 && (
            <Need tone="red" title={words.putOff(number(putOff.count))}>
              <p className="quiet small">{words.putOffText}</p>
              <p className="row small">{putOff.members.map((one) => <Link key={one} href={`/members/${encodeURIComponent(one)}`}>{one}</Link>)}</p>
            </Need>
          )}
          {low.map((one) => <RunningOut key={`${one.kind} ${one.key} ${one.split}`} low={one} />)}
        </ul>
      )}
    </section>
  )
}

function Need({ tone, title, action, children }: { tone: Tone; title: ReactNode; action?: ReactNode; children?: ReactNode }) {
  return (
    <li className={`hm-need hm-${tone}`}>
      <div className="hm-need-text"><h3>{title}</h3>{children}</div>
      {action}
    </li>
  )
}

function Approvals({ approvals }: { approvals: Needs['approvals'] }) {
  const words = useWords()
  const number = useNumber()
  const { pick } = useLanguage()
  const more = approvals.count > approvals.items.length
  return (
    <Need tone="blue" title={words.approvals(number(approvals.count))} action={more && <ButtonLink small href="/rules?status=submitted">{words.moreSubmitted}</ButtonLink>}>
      <ul className="hm-lines">
        {approvals.items.map((one) => (
          <li key={one.rule}>
            <Link href={`/rules/${encodeURIComponent(one.rule)}`}>{pick(one.name) || one.rule}</Link>
            <span className="quiet small">{words.submittedBy(one.by)} · <Time at={one.since} /></span>
            {one.comment && <q className="small">{one.comment}</q>}
          </li>
        ))}
      </ul>
    </Need>
  )
}

function RunningOut({ low }: { low: Low }) {
  const words = useWords()
  const number = useNumber()
  const { pick, language } = useLanguage()
  const name = pick(low.name) || low.key
  const plain = low.currency === null ? number(Number(low.left)) : moneyText(String(low.left), low.currency, language)
  const left = low.counts === 'points' || low.counts === 'firings' ? words.counts[low.counts](plain) : plain
  const split = low.kind === 'budget' ? [low.split, low.period].filter(Boolean).join(' · ') : ''
  return (
    <Need
      tone={low.percent >= 100 ? 'red' : 'amber'}
      title={<>{name} <Chip>{words.lowKinds[low.kind]}</Chip></>}
      action={<ButtonLink small href={`/definitions?kind=${DEFINED_AS[low.kind]}`} aria-label={`${words.lowAction}: ${name}`}>{words.lowAction}</ButtonLink>}
    >
      <progress className="hm-used" max={100} value={low.percent} aria-label={name} />
      <p className="quiet small">
        {split && <>{split} · </>}{words.used(low.percent, left)}
        {low.empty_at && <> · {words.emptyAt} <Time at={low.empty_at} /></>}
      </p>
    </Need>
  )
}
