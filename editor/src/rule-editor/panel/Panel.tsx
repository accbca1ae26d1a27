import { useId, useRef, useState, type KeyboardEvent } from 'react'
import type { JsonObject } from '../../core/schema'
import { useSay } from '../messages'
import { ChangesTab } from './ChangesTab'
import { JsonTab } from './JsonTab'
import { PreviewTab } from './PreviewTab'
import { TryTab } from './TryTab'

const TABS = ['preview', 'try', 'json', 'changes'] as const

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
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = (TABS.indexOf(tab) + by + TABS.length) % TABS.length
    setTab(TABS[at] ?? 'preview')
    list.current?.querySelectorAll('button')[at]?.focus()
  }
  return (
    <aside className="re-panel" aria-label={say('panel')}>
      <div ref={list} className="re-tabs" role="tablist" aria-label={say('panel')} onKeyDown={onKeyDown}>
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" id={`${id}${one}`} aria-controls={`${id}panel`} aria-selected={tab === one}
            tabIndex={tab === one ? 0 : -1} onClick={() => setTab(one)}>{say(one)}</button>))}
      </div>
      <div className="re-tab-body" role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}${tab}`} tabIndex={0}>
        {tab === 'preview' && <PreviewTab rule={rule} />}
        {/* Kept while another tab is looked at: a story typed in for trying is not to be lost. */}
        <div hidden={tab !== 'try'}><TryTab rule={rule} /></div>
        {tab === 'json' && <JsonTab rule={rule} onRule={onRule} />}
        {tab === 'changes' && <ChangesTab rule={rule} published={published} />}
      </div>
    </aside>
  )
}
