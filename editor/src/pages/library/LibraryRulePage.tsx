import './library.css'
import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Chip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { useLanguage } from '../../core/language'
import { Adopt } from './Adopt'
import { library, type LibraryDetail } from './api'
import { Player } from './Player'
import { useWords } from './words'

/** One rule of the library: how it reads, what it is for, its examples as they are lived, and the way to adopt it. */
export function LibraryRulePage({ id }: { id: string }) {
  const words = useWords()
  const { pick } = useLanguage()
  const { data, error, reload } = useLoading(id, () => library.rule(id))
  const back = <Link href="/library">← {words.back}</Link>
  if (data === null) return <PageFrame title={words.title} back={back}>{error ? <ErrorNote error={error} onRetry={reload} /> : <Busy />}</PageFrame>
  return (
    <PageFrame title={pick(data.name)} lead={pick(data.purpose.title)} back={back}>
      <p className="library-chips">
        {data.rows.map((row) => <Chip key={row.id} tone="violet" title={row.id}>{pick(row.title)}</Chip>)}
      </p>
      <div className="member-grid">
        <div className="library-column">
          <section className="card" aria-labelledby="library-say"><h2 id="library-say">{words.say}</h2><p>{pick(data.sentence)}</p></section>
          {data.examples.length > 0 && <Player key={data.key} rule={data} />}
        </div>
        <div className="library-column">
          <Adopt rule={data} />
          <Guide rule={data} />
        </div>
      </div>
    </PageFrame>
  )
}

function Guide({ rule }: { rule: LibraryDetail }) {
  const words = useWords()
  const { pick } = useLanguage()
  return (
    <section className="card library-guide" aria-labelledby="library-about">
      <h2 id="library-about">{words.about}</h2>
      <p>{pick(rule.description)}</p>
      <h3>{words.whenToUse}</h3>
      <p>{pick(rule.when_to_use)}</p>
      {rule.parameters.length > 0 && (
        <>
          <h3>{words.toAdapt}</h3>
          <ul className="library-list">{rule.parameters.map((one) => <li key={one.at}>{pick(one.label)}</li>)}</ul>
        </>
      )}
    </section>
  )
}
