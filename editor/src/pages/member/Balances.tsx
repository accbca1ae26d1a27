import { Button } from '../../components/Button'
import { Time } from '../../components/Time'
import type { Balance } from '../../core/api'
import { useLanguage } from '../../core/language'
import { capital } from '../../app/names'
import { amountText } from './amounts'
import { useWords } from './words'

/** Units that say something of the member: points always, others once the member has any. */
export const telling = ({ unit, available, pending, held, debt }: Balance): boolean =>
  unit === 'points' || available !== 0 || pending !== 0 || held !== 0 || debt !== 0

/** What the member can spend of each unit, what can't be spent yet, and what runs out next. */
export function Balances({ balances, onAdjust }: { balances: readonly Balance[]; onAdjust?: () => void }) {
  const words = useWords()
  const { language, pick } = useLanguage()
  return (
    <section className="card" aria-labelledby="balances">
      <div className="card-head">
        <h2 id="balances">{words.balances}</h2>
        {onAdjust && <Button small className="head-end" onClick={onAdjust}>{words.hand.adjust}</Button>}
      </div>
      <ul className="items">
        {balances.filter(telling).map((one) => {
          const text = (amount: number): string => amountText(amount, one, language)
          const others = [
            one.pending > 0 ? words.pending(text(one.pending)) : '', one.held > 0 ? words.held(text(one.held)) : '',
            one.debt > 0 ? words.debt(text(one.debt)) : '',
          ].filter(Boolean)
          return (
            <li key={one.unit} className="balance">
              <p className="balance-name" title={one.unit}>{capital(pick(one.name) || one.unit)}</p>
              <p className="figure-number">{text(one.available)}</p>
              {others.length > 0 && <p className="holder">{others.join(' · ')}</p>}
              {one.expires_at && <p className="holder">{words.expiring(text(one.expiring))} <Time at={one.expires_at} /></p>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
