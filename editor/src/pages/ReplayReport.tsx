import type { ReactNode } from 'react'
import { Link } from '../app/router'
import { Chip } from '../components/Chip'
import { Table } from '../components/Table'
import { Time, useNumber, ZoneNote } from '../components/Time'
import { useValueText } from '../components/TraceTree'
import { useZone } from '../app/zone'
import type { Replay } from '../core/api'
import { momentText } from '../core/instant'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

const TONES = { running: 'blue', cancelling: 'blue', done: 'green', cancelled: 'grey', failed: 'red', interrupted: 'red' } as const

/** Which part of the log was asked for, in words. */
function useAsked(): (asked: Replay['asked']) => string {
  const { replays: words } = usePageMessages()
  const { language } = useLanguage()
  const zone = useZone()
  const said = (at: string): string => momentText(at, language, zone)
  return ({ from, until, first, last }) => {
    if (first !== null || last !== null) return `#${first ?? 1} – ${last === null ? '' : `#${last}`}`
    if (from !== null && until !== null) return words.period(said(from), said(until))
    if (from !== null) return words.since(said(from))
    return until !== null ? words.before(said(until)) : words.everything
  }
}

export function ReplayReport({ replay, children }: { replay: Replay; children?: ReactNode }) {
  const asked = useAsked()
  const messages = usePageMessages()
  const { replays: words } = messages
  const number = useNumber()
  const said = useValueText()
  const runs = replay.status === 'running' || replay.status === 'cancelling'
  const differ = replay.divergences.length + (replay.more ?? 0)
  return (
    <section className="stack" aria-label={words.title}>
      <div className="card">
        <div className="row" role="status">
          <Chip tone={TONES[replay.status]}>{words[replay.status]}</Chip>
          {runs && <span>{words.live(number(replay.checked), number(replay.of))}</span>}
          {replay.status === 'failed' && <span>{words.failedText}</span>}
          {replay.status === 'interrupted' && <span>{words.interruptedText}</span>}
          {replay.status === 'cancelled' && <span>{words.cancelledText}</span>}
          {replay.status === 'done' && differ === 0 && replay.cut === 0 && <span><b>{words.same}</b> {words.sameText}</span>}
          {!runs && differ > 0 && <b>{words.differ(differ)}</b>}
          {replay.status === 'done' && !replay.complete && <span>{words.stopped}</span>}
          {children}
        </div>
        {runs && <progress className="replay-progress" aria-label={words.checked} value={replay.checked} max={Math.max(1, replay.of)} />}
        {replay.cut > 0 && <p className="page-note">{words.cut(replay.cut)}</p>}
        {replay.lacking.map((one) => <p className="page-note" key={one.gate}>{words.lacking(one.release, one.gate)}</p>)}
        <p className="small">{words.asked} {asked(replay.asked)}</p>
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
