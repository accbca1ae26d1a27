import { useEffect, useState } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { verification, verify, type Verification, type Verified } from './api'
import { useWords } from './words'

const EVERY_MS = 1000

/** Whether the log is still what was sealed: asked by a button, told as soon as it is known. */
export function Check() {
  const words = useWords()
  const number = useNumber()
  const [found, setFound] = useState<Verification | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const ask = (what: () => Promise<Verification>) => {
    setError(null)
    what().then(setFound, (problem: unknown) => setError(asError(problem)))
  }
  const running = found?.status === 'running'
  useEffect(() => ask(verification), [])
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => ask(verification), EVERY_MS)
    return () => clearInterval(timer)
  }, [running])
  return (
    <section className="card spaced" aria-labelledby="check">
      <div className="card-head">
        <h2 id="check">{words.check}</h2>
        <span className="head-end"><Button kind="primary" small disabled={running} onClick={() => ask(verify)}>{words.verify}</Button></span>
      </div>
      <p className="quiet">{words.checkText}</p>
      {error && <ErrorNote error={error} />}
      <div role="status" className="spaced">
        {running && <p>{words.checking(number(found.checked))}</p>}
        {found?.status === 'failed' && <p className="note note-error">{words.failed}</p>}
        {found?.status === 'done' && found.report && <Result report={found.report} />}
      </div>
    </section>
  )
}

function Result({ report }: { report: Verified }) {
  const words = useWords()
  const number = useNumber()
  const wrong = report.wrong.length + report.more
  return (
    <>
      <p className={wrong === 0 ? 'note note-done' : 'note note-error'}><b>{wrong === 0 ? words.sound : words.unsound(number(wrong))}</b></p>
      <p>{words.found(number(report.entries), number(report.sealed), number(report.checkpoints))} {report.erased > 0 && words.erased(number(report.erased))}</p>
      {report.wrong.length > 0 && (
        <Table
          caption={words.unsound(number(wrong))} rows={report.wrong} keyOf={(one) => `${one.row}:${one.reason}`}
          columns={[
            { key: 'row', head: words.row, cell: (one) => <code>{one.row}</code> },
            { key: 'of', head: words.of, cell: (one) => one.member },
            { key: 'reason', head: words.reason, cell: (one) => one.reason },
          ]}
        />
      )}
      {report.more > 0 && <p className="quiet">{words.more(number(report.more))}</p>}
    </>
  )
}
