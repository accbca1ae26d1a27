import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Chip } from '../../components/Chip'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { Period, useNumber, ZoneNote } from '../../components/Time'
import { useLanguage } from '../../core/language'
import { campaigns, type Campaign } from './answers'
import { useWords } from './words'

export const TONES = { planned: 'blue', running: 'green', ended: 'grey' } as const

/** Every campaign with whom it reached. */
export function CampaignsPage() {
  const words = useWords()
  const { pick } = useLanguage()
  const number = useNumber()
  const { data, error } = useLoading('campaigns', campaigns)
  const columns = [
    { key: 'name', head: words.campaign, cell: (one: Campaign) => <Link href={`/campaigns/${encodeURIComponent(one.key)}`}>{pick(one.name)}</Link> },
    { key: 'state', head: words.state, cell: (one: Campaign) => <Chip tone={TONES[one.state]}>{words.states[one.state]}</Chip> },
    { key: 'when', head: words.when, cell: (one: Campaign) => <Period from={one.from} until={one.until} /> },
    { key: 'rules', head: words.rules, number: true, cell: (one: Campaign) => number(one.rules.length) },
    { key: 'reached', head: words.reached, number: true, cell: (one: Campaign) => number(one.members) },
    { key: 'owner', head: words.owner, cell: (one: Campaign) => <span className="keep">{one.owner}</span> },
  ]
  return (
    <PageFrame title={words.campaigns} lead={words.campaignsLead}>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && (
        <EmptyState title={words.none} text={words.noneText}>
          <Link href="/definitions?kind=campaigns">{words.define}</Link>
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <>
          <div className="card card-flush"><Table caption={words.campaigns} rows={data.items} keyOf={(one) => one.key} columns={columns} /></div>
          <ZoneNote />
        </>
      )}
    </PageFrame>
  )
}
