import { useState, type ReactNode } from 'react'
import { Link } from '../app/router'
import { Button } from '../components/Button'
import { ApprovalChip, StatusChip } from '../components/Chip'
import { inLanguage, useLanguage } from '../core/language'
import type { Approval, Diagnostic, RuleStatus } from '../core/types'
import type { NextStep } from './approval/next-step'
import { idOf } from './context'
import { focusOn } from './focus'
import { Icon } from './Icon'
import { useSay } from './messages'
import { NewKey } from './NewKey'
import { SaveState, type SaveStateProps } from './saving/SaveState'

interface HeaderProps {
  name: string
  /** What it is called in the other language, where it has no name in this one. */
  otherwise: string
  /** The key of a rule that was never saved, which can still be chosen. */
  newKey: string | null
  status: RuleStatus
  /** When what is published comes into force, if that is to come. */
  startsAt: string | null
  /** What can be done with what is published. */
  life: ReactNode
  /** Of the draft as it is seen. */
  approval: Approval
  /** What the person who looks can do next, or null. */
  next: NextStep
  changed: boolean
  /** Whether there is anything that isn't in force already. */
  publishable: boolean
  canUndo: boolean
  canRedo: boolean
  checking: boolean
  busy: boolean
  mayWrite: boolean
  diagnostics: readonly Diagnostic[]
  saveState: SaveStateProps
  onName: (name: string) => void
  onUndo: () => void
  onRedo: () => void
  onSave: () => void
  onNext: () => void
}

export function Header(props: HeaderProps) {
  const say = useSay()
  const errors = props.diagnostics.filter((one) => one.severity === 'error')
  return (
    <section className="re-header" aria-label={say('header')}>
      <nav className="re-crumbs" aria-label={say('breadcrumb')}><Link href="/rules">{say('rules')}</Link> /</nav>
      <h1 className="re-title">
        <input id={idOf('/name')} className="re-name" type="text" aria-label={say('ruleName')} placeholder={props.otherwise || say('newRule')}
          value={props.name} autoComplete="off" autoFocus={props.newKey !== null} readOnly={!props.mayWrite}
          onFocus={(event) => props.name === say('newRule') && event.target.select()}
          size={Math.max(12, Math.min(props.name.length + 1, 40))} onChange={(event) => props.onName(event.target.value)} />
      </h1>
      <StatusChip status={props.status} startsAt={props.startsAt} />
      <ApprovalChip approval={props.approval} />
      {props.newKey !== null && <NewKey value={props.newKey} />}
      <SaveState {...props.saveState} />
      <span className="re-space" />
      {props.life}
      <span className="re-undo">
        <button type="button" className="re-tool" title={say('undo')} aria-label={say('undo')} disabled={!props.canUndo} onClick={props.onUndo}><Icon name="undo" /></button>
        <button type="button" className="re-tool" title={say('redo')} aria-label={say('redo')} disabled={!props.canRedo} onClick={props.onRedo}><Icon name="redo" /></button>
      </span>
      <Readiness errors={errors} checking={props.checking} publishable={props.publishable} />
      {(props.mayWrite || props.next !== null) && (
        <span className="re-save">
          {props.mayWrite && <Button disabled={props.busy || (!props.changed && props.saveState.savedAt === null)} onClick={props.onSave}>{say(props.busy ? 'saving' : 'save')}</Button>}
          {props.next !== null && (
            <Button kind="primary" disabled={props.busy || (props.next !== 'decide' && errors.length > 0) || !props.publishable} onClick={props.onNext}>
              {say(props.next)}
            </Button>)}
        </span>)}
    </section>
  )
}

interface ReadinessProps {
  errors: readonly Diagnostic[]
  checking: boolean
  publishable: boolean
}

/** Whether it can be published; if not, how many places are to be fixed, and the way to each. */
function Readiness({ errors, checking, publishable }: ReadinessProps) {
  const say = useSay()
  const { language } = useLanguage()
  const [open, setOpen] = useState(false)
  if (errors.length === 0) {
    if (checking) return <span className="re-state">{say('checking')}</span>
    return <span className="re-state re-ready"><Icon name="check" size={15} />{say(publishable ? 'ready' : 'published')}</span>
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
    const found = document.getElementById(idOf(pointer)) ?? document.querySelector(`[data-row="${CSS.escape(pointer)}"]`)
      ?? document.querySelector(`[data-card="${CSS.escape(pointer)}"]`) ?? document.getElementById(`root_${parts[1] ?? ''}`)
    if (found !== null) {
      found.scrollIntoView({ block: 'center' })
      if (found instanceof HTMLElement && found.matches('input, select, textarea')) found.focus()
      else focusOn(pointer)
      return
    }
  }
}
