import { useState } from 'react'
import { Link } from '../app/router'
import { Button } from '../components/Button'
import { StatusChip } from '../components/Chip'
import { inLanguage, useLanguage } from '../core/language'
import type { Diagnostic, RuleStatus } from '../core/types'
import { focusOn } from './focus'
import { Icon } from './Icon'
import { useSay } from './messages'

interface HeaderProps {
  name: string
  status: RuleStatus
  changed: boolean
  canUndo: boolean
  canRedo: boolean
  checking: boolean
  busy: boolean
  mayWrite: boolean
  diagnostics: readonly Diagnostic[]
  onName: (name: string) => void
  onUndo: () => void
  onRedo: () => void
  onSave: () => void
  onPublish: () => void
}

export function Header(props: HeaderProps) {
  const say = useSay()
  const errors = props.diagnostics.filter((one) => one.severity === 'error')
  return (
    <header className="re-header" aria-label={props.name}>
      <nav className="re-crumbs" aria-label={say('breadcrumb')}><Link href="/rules">{say('rules')}</Link> /</nav>
      <h1 className="re-title">
        <input className="re-name" type="text" aria-label={say('ruleName')} placeholder={say('newRule')} value={props.name} autoComplete="off"
          size={Math.max(12, Math.min(props.name.length + 1, 40))} onChange={(event) => props.onName(event.target.value)} />
      </h1>
      <StatusChip status={props.status} />
      {props.changed && <span className="re-hint">{say('unsaved')}</span>}
      <span className="re-space" />
      <button type="button" className="re-tool" title={say('undo')} aria-label={say('undo')} disabled={!props.canUndo} onClick={props.onUndo}><Icon name="undo" /></button>
      <button type="button" className="re-tool" title={say('redo')} aria-label={say('redo')} disabled={!props.canRedo} onClick={props.onRedo}><Icon name="redo" /></button>
      <Readiness errors={errors} checking={props.checking} />
      {props.mayWrite && (
        <>
          <Button disabled={props.busy} onClick={props.onSave}>{say(props.busy ? 'saving' : 'save')}</Button>
          <Button kind="primary" disabled={props.busy || errors.length > 0} onClick={props.onPublish}>{say('publish')}</Button>
        </>)}
    </header>
  )
}

/** Whether it can be published; if not, how many places are to be fixed, and the way to each. */
function Readiness({ errors, checking }: { errors: readonly Diagnostic[]; checking: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const [open, setOpen] = useState(false)
  if (errors.length === 0) {
    return <span className={checking ? 're-state' : 're-state re-ready'}>{checking ? say('checking') : <><Icon name="check" size={15} />{say('ready')}</>}</span>
  }
  return (
    <span className="re-add">
      <button type="button" className="re-state re-unready" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="close" size={14} />{say('toFix', { count: errors.length })}
      </button>
      {open && (
        <div className="re-menu re-fixes" role="group" aria-label={say('toFixList')}>
          {errors.map((one, at) => (
            <button key={at} type="button" onClick={() => {
              setOpen(false)
              goTo(one.path)
            }}>{inLanguage(one.text, language)}</button>))}
        </div>)}
    </span>
  )
}

/** The nearest input, row or card to a place: a complaint may name a part of an input. */
function goTo(path: string): void {
  const parts = path.split('/')
  for (let length = parts.length; length > 1; length -= 1) {
    const pointer = parts.slice(0, length).join('/')
    const found = document.getElementById(`at${pointer.replaceAll('/', '-')}`) ?? document.querySelector(`[data-row="${CSS.escape(pointer)}"]`)
      ?? document.querySelector(`[data-card="${CSS.escape(pointer)}"]`) ?? document.getElementById(`root_${parts[1] ?? ''}`)
    if (found !== null) {
      found.scrollIntoView({ block: 'center' })
      if (found instanceof HTMLElement && found.matches('input, select, textarea')) found.focus()
      else focusOn(pointer)
      return
    }
  }
}
