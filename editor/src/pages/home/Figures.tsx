import { Link } from '../../app/router'
import { useNumber } from '../../components/Time'
import { capital } from '../../app/names'
import { useLanguage } from '../../core/language'
import { OF_UNITS, type Beside, type Day, type Today } from './answers'
import { changeText, decisionsOf } from './days'
import { useWords } from './words'

/** Today's figures, each beside yesterday's up to the same time, and each leading to what it counts. */
export function Figures({ told, now }: { told: Today; now: Day }) {
  const words = useWords()
  const { pick } = useLanguage()
  const leads: [keyof typeof words.names, string][] = [
    ['fired', decisionsOf(now, { outcome: 'fired' })],
    ['held_back', decisionsOf(now, { outcome: 'suppressed' })],
    ['events', decisionsOf(now)],
    ['sent', '/outbox?status=delivered'],
    ['failed', '/outbox?status=dead'],
    ['suppressed', '/outbox?status=suppressed'],
    ['coupons_issued', decisionsOf(now, { outcome: 'fired' })],
    ['coupons_redeemed', decisionsOf(now, { outcome: 'acted' })],
  ]
  return (
    <section aria-labelledby="hm-today">
      <div className="card-head"><h2 id="hm-today">{words.today}</h2><p>{words.beside}</p></div>
      <ul className="hm-figures">
        {leads.map(([name, href]) => <Figure key={name} name={words.names[name]} href={href} figure={told.figures[name]} />)}
        {told.units.map((unit) => (
          <li key={unit.unit} className="card hm-figure">
            <h3><Link href={decisionsOf(now, { outcome: 'acted' })}>{`${capital(pick(unit.name) || unit.unit)} · ${words.units.earned}`}</Link></h3>
            <Value figure={unit.earned} />
            <UnitMoves unit={unit} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Figure({ name, href, figure }: { name: string; href: string; figure: Beside }) {
  return (
    <li className="card hm-figure">
      <h3><Link href={href}>{name}</Link></h3>
      <Value figure={figure} />
    </li>
  )
}

function Value({ figure }: { figure: Beside }) {
  const words = useWords()
  const number = useNumber()
  const { language } = useLanguage()
  const change = changeText(figure, language)
  const before = number(figure.yesterday)
  return (
    <>
      <p className="figure-number">{number(figure.today)}</p>
      <p className="quiet small">{change === null ? words.yesterday(before) : words.change(change, before)}</p>
    </>
  )
}

/** What else became of a unit today, as far as anything did. */
function UnitMoves({ unit }: { unit: Today['units'][number] }) {
  const words = useWords()
  const number = useNumber()
  const moved = OF_UNITS.filter((name) => name !== 'earned' && unit[name].today !== 0)
  if (moved.length === 0) return null
  return <p className="small hm-moves">{moved.map((name) => <span key={name}>{words.units[name]} <b>{number(unit[name].today)}</b></span>)}</p>
}
