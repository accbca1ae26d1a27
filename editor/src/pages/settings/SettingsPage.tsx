import './settings.css'
import { useLoading } from '../../app/loading'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { ButtonLink } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { useNumber } from '../../components/Time'
import { Account } from './Account'
import { settings, type Settings } from './api'
import { Pairs } from './Pairs'
import { Approval, Programme } from './Programme'
import { Reaching } from './Reaching'
import { useWords } from './words'

/** What holds for the whole programme, and for whoever looks. */
export function SettingsPage() {
  const words = useWords()
  const may = useMay()
  const { data, error, reload, set } = useLoading('settings', settings)
  return (
    <PageFrame title={words.title} lead={words.lead} actions={may.administer && <ButtonLink href="/people">{words.people}</ButtonLink>}>
      <div className="st-cards">
        <Account />
        {error && <ErrorNote error={error} onRetry={reload} />}
        {!data && !error && <Busy />}
        {data && !may.administer && <p className="note st-wide quiet">{words.readOnly}</p>}
        {data && (
          <>
            <Programme programme={data.programme} onChanged={set} />
            <Reaching settings={data} />
            <Approval programme={data.programme} onChanged={(programme) => set({ ...data, programme })} />
            <Kept settings={data} />
          </>
        )}
      </div>
    </PageFrame>
  )
}

/** What nobody changes here: what is kept, how it is proved, and what runs. */
function Kept({ settings: { programme, checkpoints, versions } }: { settings: Settings }) {
  const words = useWords()
  const number = useNumber()
  const { keeping, checkpoints: sealed, versions: run } = words
  const places = checkpoints.left_at.map((place) => sealed.at[place] ?? place).join(' · ')
  return (
    <>
      <section className="card">
        <h2>{keeping.title}</h2>
        <Pairs of={[
          [keeping.log, keeping.logText], [keeping.personal, keeping.personalText],
          [keeping.orders, keeping.days(number(programme.returns_days))], [keeping.sessions, keeping.sessionsText],
        ]} />
      </section>
      <section className="card">
        <h2>{sealed.title}</h2>
        <p className="small quiet">{sealed.lead}</p>
        <Pairs of={[
          [sealed.key, <code key="key">{checkpoints.key}</code>], [sealed.origin, <code key="origin">{checkpoints.origin}</code>],
          [sealed.places, places || sealed.nowhere],
        ]} />
      </section>
      <section className="card">
        <h2>{run.title}</h2>
        <Pairs of={[
          [run.release, versions.release], [run.language, number(versions.language)], [run.layout, versions.layout ?? '–'],
          [run.matcher, <code key="matcher">{versions.matcher}</code>],
        ]} />
      </section>
    </>
  )
}
