import './backtest.css'
import { useId, useState } from 'react'
import { asError } from '../../app/loading'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { DayField } from '../../components/DayField'
import { ErrorNote } from '../../components/ErrorNote'
import { useNumber } from '../../components/Time'
import { ApiError } from '../../core/api'
import { momentText } from '../../core/instant'
import { inLanguage } from '../../core/language'
import { isObject, type JsonObject } from '../../core/schema'
import { same } from '../../core/tree'
import { useEditing } from '../context'
import { backtests, type Backtest, type NotReady, type Others } from './api'
import { documentOf, PERIODS, rangeOf, type Period } from './figures'
import { ReportView } from './ReportView'
import { useBacktest } from './use-backtest'
import { useWords } from './words'

const TONES = { running: 'blue', done: 'green', cancelled: 'grey', failed: 'red', interrupted: 'red' } as const
const OTHERS: readonly Others[] = ['as_they_were', 'as_they_are', 'none']

/** What the rule as it stands, saved or not, would have made of what really happened. */
export function BacktestTab({ rule }: { rule: JsonObject }) {
  const words = useWords()
  const may = useMay()
  const { language, zone } = useEditing()
  const key = String(rule['key'] ?? '')
  const found = useBacktest(key)
  const [sent, setSent] = useState<{ id: string; rule: JsonObject } | null>(null)
  const [failed, setFailed] = useState<Error | null>(null)
  const { shown, listed } = found
  const chooser = useId()

  const cancel = async (id: string): Promise<void> => {
    try {
      found.ended(await backtests.cancel(id))
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  const changed = shown?.status === 'done' && sent?.id === shown.id && !same(sent.rule, documentOf(rule))
  return (
    <div className="bt">
      <p className="re-hint">{words.lead}</p>
      {may.write
        ? (
          <Asking rule={rule} busy={shown?.status === 'running'} onFailed={setFailed} onBegun={(made, said) => {
            setSent({ id: made.id, rule: said })
            found.begun(made)
          }} />)
        : <p className="re-hint">{words.onlyAuthors}</p>}
      {failed !== null && <Refused error={failed} />}
      {found.error !== null && <ErrorNote error={found.error} />}
      {listed.length === 0 && found.error === null && !may.write && <p className="re-nothing">{words.none}</p>}
      {listed.length > 1 && (
        <div className="re-leaf">
          <label className="re-label" htmlFor={chooser}>{words.earlier}</label>
          <select id={chooser} className="re-input" value={found.id ?? ''} onChange={(event) => found.choose(event.target.value)}>
            {listed.map((one) => <option key={one.id} value={one.id}>{words.byAt(one.by, momentText(one.started_at, language, zone))}</option>)}
          </select>
        </div>)}
      {shown !== null && <Standing of={shown} mayCancel={may.write} onCancel={() => void cancel(shown.id)} />}
      {changed && <p className="bt-changed">{words.changed}</p>}
      {shown?.report && <ReportView report={shown.report} rule={key} />}
    </div>
  )
}

interface AskingProps {
  rule: JsonObject
  busy: boolean
  onFailed: (problem: Error | null) => void
  onBegun: (made: Backtest, said: JsonObject) => void
}

/** Over which time, and beside which other rules. */
function Asking({ rule, busy, onFailed, onBegun }: AskingProps) {
  const words = useWords()
  const { zone } = useEditing()
  const id = useId()
  const [period, setPeriod] = useState<Period>({ days: 90 })
  const [others, setOthers] = useState<Others>('as_they_were')
  const [starting, setStarting] = useState(false)
  const range = rangeOf(period, zone)
  const start = async (): Promise<void> => {
    if (range === null) return
    setStarting(true)
    onFailed(null)
    const said = documentOf(rule)
    try {
      onBegun(await backtests.start({ drafts: [said], others, ...range }), said)
    } catch (problem) {
      onFailed(asError(problem))
    } finally {
      setStarting(false)
    }
  }
  const choosePeriod = (value: string): void => setPeriod(value === '' ? { from: '', to: '' } : { days: Number(value) })
  return (
    <form className="bt-asking" onSubmit={(event) => {
      event.preventDefault()
      void start()
    }}>
      <div className="re-leaf">
        <label className="re-label" htmlFor={`${id}period`}>{words.period}</label>
        <select id={`${id}period`} className="re-input" value={'days' in period ? period.days : ''} onChange={(event) => choosePeriod(event.target.value)}>
          {PERIODS.map((days) => <option key={days} value={days}>{words.last(days)}</option>)}
          <option value="">{words.chosen}</option>
        </select>
      </div>
      {'from' in period && (
        <div className="bt-days">
          <DayField id={`${id}from`} label={words.from} value={period.from} max={period.to} onChange={(from) => setPeriod({ ...period, from })} />
          <DayField id={`${id}to`} label={words.to} value={period.to} min={period.from} onChange={(to) => setPeriod({ ...period, to })} />
        </div>)}
      {'from' in period && period.from !== '' && period.to !== '' && range === null && <p className="re-problem re-error" role="alert">{words.wrongWay}</p>}
      <div className="re-leaf">
        <label className="re-label" htmlFor={`${id}others`}>{words.others}</label>
        <select id={`${id}others`} className="re-input" value={others} onChange={(event) => setOthers(event.target.value as Others)}>
          {OTHERS.map((one) => <option key={one} value={one}>{words.otherwise[one]}</option>)}
        </select>
      </div>
      <Button kind="primary" type="submit" disabled={starting || busy || range === null}>{starting ? words.starting : words.start}</Button>
    </form>
  )
}

/** How far it has come, or how it ended. */
function Standing({ of, mayCancel, onCancel }: { of: Backtest; mayCancel: boolean; onCancel: () => void }) {
  const words = useWords()
  const number = useNumber()
  // Where something scarce was asked for by more than there was, everything is decided once more in the order of the log.
  const again = of.checked > of.of
  const checked = Math.min(again ? of.checked - of.of : of.checked, of.of)
  const said = of.status === 'failed' || of.status === 'cancelled' || of.status === 'interrupted' ? words[of.status] : ''
  return (
    <div className="bt-standing">
      <p role="status"><Chip tone={TONES[of.status]}>{words.status[of.status]}</Chip> {said}</p>
      {of.status === 'running' && (
        <>
          <progress className="replay-progress" aria-label={words.progress} value={checked} max={Math.max(1, of.of)} />
          <p className="re-hint">{(again ? words.checkedAgain : words.checked)(number(checked), number(of.of))}</p>
          <p className="re-hint">{words.leave}</p>
          {mayCancel && <Button small onClick={onCancel}>{words.cancel}</Button>}
        </>)}
    </div>
  )
}

/** Why it was not begun: what is wrong with the rule, where that is it. */
function Refused({ error }: { error: Error }) {
  const words = useWords()
  const { language } = useEditing()
  const said = error instanceof ApiError && isObject(error.problem) ? (error.problem as NotReady).diagnostics : undefined
  if (said === undefined || said.length === 0) return <ErrorNote error={error} />
  return (
    <div className="re-problems" role="alert">
      <b>{words.notReady}</b>
      {said.filter((one) => one.severity === 'error').map((one, at) => (
        <p key={at} className="re-problem re-error">{inLanguage(one.text, language)} {inLanguage(one.fix, language)}</p>))}
    </div>
  )
}
