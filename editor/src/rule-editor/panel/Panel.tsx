import { lazy, Suspense, useDeferredValue, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Link } from '../../app/router'
import type { JsonObject } from '../../core/schema'
import { KeysHelp } from '../keys/KeysHelp'
import { useSay } from '../messages'
import { PreviewTab } from './PreviewTab'

const TABS = ['preview', 'flow', 'guide', 'try', 'backtest', 'json', 'changes'] as const
type Tab = (typeof TABS)[number]
// The sentence is what everybody sees first; the rest is loaded when it is asked for.
const BacktestTab = lazy(async () => ({ default: (await import('../backtest/BacktestTab')).BacktestTab }))
const ChangesTab = lazy(async () => ({ default: (await import('./ChangesTab')).ChangesTab }))
const FlowTab = lazy(() => import('../flow/FlowTab'))
const GuideTab = lazy(async () => ({ default: (await import('./GuideTab')).GuideTab }))
const JsonTab = lazy(async () => ({ default: (await import('./JsonTab')).JsonTab }))
const TryTab = lazy(async () => ({ default: (await import('./TryTab')).TryTab }))

interface PanelProps {
  rule: JsonObject
  published: JsonObject | null
  /** Whether the server has it, or it was never saved. */
  known: boolean
  /** Not there for who may only read. */
  onRule?: (rule: JsonObject) => void
}

/** The rule from other sides. Nothing in here leaves the editor or loses what was typed. */
export function Panel({ rule, published, known, onRule }: PanelProps) {
  const say = useSay()
  const id = useId()
  // An address may ask for a tab: who adopts a rule reads first how it is to be used.
  const [tab, setTab] = useState<Tab>(() => TABS.find((one) => one === new URLSearchParams(location.search).get('tab')) ?? 'preview')
  const [seen, setSeen] = useState<ReadonlySet<Tab>>(new Set([tab]))
  // What is read follows what is typed, and does not hold it up.
  const read = useDeferredValue(rule)
  const list = useRef<HTMLDivElement>(null)
  const open = (to: Tab): void => {
    setTab(to)
    setSeen((before) => new Set([...before, to]))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = (TABS.indexOf(tab) + by + TABS.length) % TABS.length
    open(TABS[at] ?? 'preview')
    list.current?.querySelectorAll('button')[at]?.focus()
  }
  return (
    <aside className="re-panel" aria-label={say('panel')}>
      <div ref={list} className="re-tabs" role="tablist" aria-label={say('panel')} onKeyDown={onKeyDown}>
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" id={`${id}${one}`} aria-controls={`${id}panel`} aria-selected={tab === one}
            tabIndex={tab === one ? 0 : -1} onClick={() => open(one)}>{say(one)}</button>))}
      </div>
      <div className="re-tab-body" role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}${tab}`} tabIndex={0}>
        {tab === 'preview' && <PreviewTab rule={read} />}
        <Suspense fallback={<p>{say('loading')}</p>}>
          {tab === 'flow' && <FlowTab rule={read} />}
          {tab === 'guide' && <GuideTab rule={rule} known={known} />}
          {/* Kept while another tab is looked at: a story typed in for trying is not to be lost, nor a back-test that runs. */}
          {seen.has('try') && <div hidden={tab !== 'try'}><TryTab rule={rule} /></div>}
          {seen.has('backtest') && <div hidden={tab !== 'backtest'}><BacktestTab rule={rule} /></div>}
          {tab === 'json' && <JsonTab rule={rule} onRule={onRule} />}
          {tab === 'changes' && <ChangesTab rule={rule} published={published} />}
        </Suspense>
      </div>
      <div className="re-hint re-panel-foot">
        <KeysHelp />
        {!known && onRule !== undefined && <Link href="/library">{say('fromLibrary')}</Link>}
      </div>
    </aside>
  )
}
