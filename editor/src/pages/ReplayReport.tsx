import { Link } from '../app/router'
import { Chip } from '../components/Chip'
import { Table } from '../components/Table'
import { Time, useNumber, ZoneNote } from '../components/Time'
import { useValueText } from '../components/TraceTree'
import type { Replay } from '../core/api'
import { usePageMessages } from './messages'

const TONES = { running: 'blue', done: 'green', failed: 'red' } as const

export function ReplayReport({ replay }: { replay: Replay }) {
  const messages = usePageMessages()
  const { replays: words } = messages
  const number = useNumber()
  const said = useValueText()
  const differ = replay.divergences.length + (replay.more ?? 0)
  return (
    <section className="stack" aria-label={words.title}>
      <div className="card">
        <div className="row" role="status">
          <Chip tone={TONES[replay.status]}>{words[replay.status]}</Chip>
          {replay.status === 'running' && <span>{words.live(number(replay.checked))}</span>}
          {replay.status === 'failed' && <span>{words.failedText}</span>}
          {replay.status === 'done' && (differ === 0
            ? <span><b>{words.same}</b> {words.sameText}</span>
            : <b>{words.differ(differ)}</b>)}
        </div>
        <dl className="numbers">
          <div><dt>{words.checked}</dt><dd>{number(replay.checked)}</dd></div>
          <div><dt>{words.members}</dt><dd>{number(replay.members)}</dd></div>
          <div><dt>{words.divergences}</dt><dd>{number(differ)}</dd></div>
          <div><dt>{words.started}</dt><dd><Time at={replay.started_at} /></dd></div>
          {replay.finished_at && <div><dt>{words.finished}</dt><dd><Time at={replay.finished_at} /></dd></div>}
        </dl>
        {replay.digest && <p className="small">{words.digest} <span className="digest">{replay.digest}</span></p>}
        <ZoneNote />
      </div>
      {replay.divergences.length > 0 && (
        <div className="card card-flush">
          <Table
            caption={words.divergences}
            rows={replay.divergences}
            keyOf={(one, index) => `${one.decision} ${one.path} ${index}`}
            columns={[
              { key: 'decision', head: words.decision, cell: (one) => <Link href={`/decisions/${encodeURIComponent(one.decision)}`}>{one.decision}</Link> },
              { key: 'place', head: words.place, cell: (one) => <code>{one.path}</code> },
              { key: 'recorded', head: words.recorded, cell: (one) => said(one.recorded) },
              { key: 'replayed', head: words.replayed, cell: (one) => said(one.replayed) },
            ]}
          />
        </div>
      )}
      {replay.more ? <p className="page-note">{words.moreDiffer(replay.more)}</p> : null}
    </section>
  )
}
