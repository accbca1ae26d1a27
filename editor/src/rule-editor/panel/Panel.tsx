import { lazy, Suspense, useId, useRef, useState, type KeyboardEvent } from 'react'
import type { JsonObject } from '../../core/schema'
import { useSay } from '../messages'
import { PreviewTab } from './PreviewTab'

const TABS = ['preview', 'guide', 'try', 'json', 'changes'] as const
// The sentence is what everybody sees first; the rest is loaded when it is asked for.
const ChangesTab = lazy(async () => ({ default: (await import('./ChangesTab')).ChangesTab }))
const GuideTab = lazy(async () => ({ default: (await import('./GuideTab')).GuideTab }))
const JsonTab = lazy(async () => ({ default: (await import('./JsonTab')).JsonTab }))
const TryTab = lazy(async () => ({ default: (await import('./TryTab')).TryTab }))

interface PanelProps {
  rule: JsonObject
  published: JsonObject | null
  onRule: (rule: JsonObject) => void
}

/** The rule from other sides. Nothing in here leaves the editor or loses what was typed. */
export function Panel({ rule, published, onRule }: PanelProps) {
  const say = useSay()
  const id = useId()
  const [tab, setTab] = useState<(typeof TABS)[number]>('preview')
  const [tried, setTried] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const open = (to: (typeof TABS)[number]): void => {
    setTab(to)
    if (to === 'try') setTried(true)
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
        {tab === 'preview' && <PreviewTab rule={rule} />}
        <Suspense fallback={<p>{say('loading')}</p>}>
          {tab === 'guide' && <GuideTab rule={rule} />}
          {/* Kept while another tab is looked at: a story typed in for trying is not to be lost. */}
          {tried && <div hidden={tab !== 'try'}><TryTab rule={rule} /></div>}
          {tab === 'json' && <JsonTab rule={rule} onRule={onRule} />}
          {tab === 'changes' && <ChangesTab rule={rule} published={published} />}
        </Suspense>
      </div>
    </aside>
  )
}
