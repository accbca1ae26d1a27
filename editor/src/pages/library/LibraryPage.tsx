import './library.css'
import { useState } from 'react'
import { useSettled } from '../../app/loading'
import { usePaging } from '../../app/paging'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Chip } from '../../components/Chip'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { PageFrame } from '../../components/PageFrame'
import { useNumber } from '../../components/Time'
import { useLanguage, type Text } from '../../core/language'
import { library, type LibraryPage as Found, type LibraryRule } from './api'
import { byPurpose } from './passing'
import { useWords } from './words'

type About = Pick<Found, 'total' | 'purposes' | 'rows'>

/** The rules that come with the product, to be found by what they are for. */
export function LibraryPage() {
  const words = useWords()
  const { pick } = useLanguage()
  const number = useNumber()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim())
  const [purpose, setPurpose] = useState('')
  const [row, setRow] = useState('')
  const [about, setAbout] = useState<About | null>(null)
  const [titles, setTitles] = useState<Readonly<Record<string, Text>>>({})
  const list = usePaging(JSON.stringify([search, purpose, row]), async (after) => {
    const page = await library.page({ search, purpose, row, after })
    setAbout(page)
    setTitles((before) => ({ ...before, ...Object.fromEntries(page.rows.map((one) => [one.id, one.title])) }))
    return page
  })
  return (
    <PageFrame title={words.title} lead={words.lead}>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {about && (
        <search className="filters">
          <div className="field field-wide">
            <label htmlFor="library-search">{words.search}</label>
            <input id="library-search" type="search" className="input" placeholder={words.searchHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
          </div>
          <Choice id="library-purpose" label={words.purpose} value={purpose} onChange={setPurpose}
            choices={about.purposes.map((one) => [one.key, `${pick(one.title)} (${number(one.rules)})`])} />
          <Choice id="library-row" label={words.row} value={row} onChange={setRow}
            choices={about.rows.map((one) => [one.id, `${one.id} ${pick(one.title)} (${number(one.rules)})`])} />
        </search>
      )}
      {list.items?.length === 0 && <EmptyState title={words.noMatch} text={words.noMatchText} />}
      {byPurpose(list.items ?? []).map((group) => (
        <section key={group.purpose.key} className="rule-group">
          <h2>{pick(group.purpose.title)}</h2>
          <ul className="rule-list">{group.items.map((rule) => <Card key={rule.key} rule={rule} titles={titles} />)}</ul>
        </section>
      ))}
      <More list={list} />
      {about && about.total > 0 && <p className="page-note" role="status">{words.shown(number(list.items?.length ?? 0), number(about.total))}</p>}
    </PageFrame>
  )
}

function Choice({ id, label, value, choices, onChange }: {
  id: string
  label: string
  value: string
  choices: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}) {
  const words = useWords()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="select" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{words.all}</option>
        {value !== '' && choices.every(([key]) => key !== value) && <option value={value}>{value}</option>}
        {choices.map(([key, said]) => <option key={key} value={key}>{said}</option>)}
      </select>
    </div>
  )
}

function Card({ rule, titles }: { rule: LibraryRule; titles: Readonly<Record<string, Text>> }) {
  const words = useWords()
  const { pick } = useLanguage()
  return (
    <li className="card rule-card">
      <div>
        <div className="rule-name">
          <h3><Link href={`/library/${rule.key}`}>{pick(rule.name)}</Link></h3>
          {rule.adopted && <Chip tone="green" title={rule.adopted.key}>{words.adopted}</Chip>}
          {rule.covers.map((row) => <Chip key={row} tone="violet" title={row}>{pick(titles[row]) || row}</Chip>)}
        </div>
        <p className="rule-sentence">{pick(rule.sentence)}</p>
        <p className="library-about">{pick(rule.description)}</p>
      </div>
    </li>
  )
}
