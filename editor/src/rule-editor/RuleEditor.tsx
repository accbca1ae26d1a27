import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { guardLeaving, navigate } from '../app/router'
import { useMay, useSession } from '../app/session'
import { ZoneProvider } from '../app/zone'
import { Button } from '../components/Button'
import { ErrorNote } from '../components/ErrorNote'
import { useLanguage } from '../core/language'
import type { JsonObject, RuleCatalogue, Schema } from '../core/schema'
import { isObject, labelOf } from '../core/schema'
import { same } from '../core/tree'
import type { RuleDetail } from '../core/types'
import { useMessages } from '../messages'
import { mayDecide, nextStep, type NextStep } from './approval/next-step'
import { CheckedProvider, DiagnosticsProvider, EditingProvider, type Editing } from './context'
import { focusOn } from './focus'
import { RuleForm } from './form/RuleForm'
import { Header } from './Header'
import { keyFor } from './key'
import { messages, useSay } from './messages'
import { Panel } from './panel/Panel'
import { useCheck } from './use-check'
import { useKeys } from './use-keys'
import { useRule } from './use-rule'
import { useSaving } from './use-saving'

// Asked for by who publishes, and only then.
const PublishDialog = lazy(async () => ({ default: (await import('./PublishDialog')).PublishDialog }))
const ReviewDialog = lazy(async () => ({ default: (await import('./approval/ReviewDialog')).ReviewDialog }))
const Said = lazy(async () => ({ default: (await import('./approval/Said')).Said }))

const UNNAMED = Object.values(messages.newRule)

interface RuleEditorProps {
  root: Schema
  catalogue: RuleCatalogue
  initial: JsonObject
  detail: RuleDetail | null
  /** Keys that a new rule cannot have. */
  taken: ReadonlySet<string>
  /** Whether somebody has asked already to publish it, or to submit it. */
  asked: 'publish' | 'submit' | null
}

export function RuleEditor({ root, catalogue, initial, detail: first, taken, asked }: RuleEditorProps) {
  const say = useSay()
  const { approvals } = useMessages()
  const { language } = useLanguage()
  const may = useMay()
  const session = useSession()
  const { write } = may
  const [announced, announce] = useState('')
  const [doing, setDoing] = useState<NextStep>(first !== null && first.draft !== null ? asked : null)
  const editor = useRule(initial, say, announce)
  const saving = useSaving(first)
  const { detail, saved, conflict } = saving
  const written = editor.rule
  // A new rule without a key of its own follows what is written of it.
  const rule = useMemo(() => (detail === null && written['key'] === '' ? { ...written, key: keyFor(written, taken, UNNAMED) } : written),
    [detail, written, taken])
  const { diagnostics, checking } = useCheck(rule, root)
  const changed = saved === null || !same(rule, saved)
  const publishable = changed || detail === null || detail.draft !== null
  useKeys(editor)

  useEffect(() => {
    if (!changed || !write) return
    // A new rule that nobody has touched is nothing to ask about.
    const mayLeave = (): boolean => !editor.canUndo || window.confirm(say('leave'))
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (editor.canUndo) event.preventDefault()
    }
    window.addEventListener('beforeunload', onUnload)
    const stop = guardLeaving(mayLeave)
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      stop()
    }
  }, [changed, write, editor.canUndo, say])

  const names = isObject(rule['name']) ? rule['name'] : {}
  const name = String(names[language] ?? '')
  const otherwise = labelOf(names as Record<string, string>, language)
  useEffect(() => {
    document.title = `${otherwise || say('newRule')} · ${say('rules')}`
  }, [otherwise, say])

  const { edit, addCondition, append, act } = editor
  const editing = useMemo<Editing>(() => ({
    root, catalogue, zone: catalogue.programme?.zone ?? 'UTC', language, edit, addCondition, append, act, focus: focusOn,
  }), [root, catalogue, language, edit, addCondition, append, act])

  const rename = (made: string): void => {
    const { [language]: _, ...others } = names
    editor.put({ ...written, name: made === '' ? others : { ...others, [language]: made } }, '/name')
  }

  const save = async (over?: RuleDetail, then = ''): Promise<RuleDetail | null> => {
    const made = await saving.save(rule, over)
    if (made === null) return null
    announce(say('saved'))
    // The address of a new rule is its key from now on; there it goes on with what was asked for.
    if (first === null) navigate(`/rules/${encodeURIComponent(made.key)}${then}`, { replace: true })
    return made
  }
  const next = nextStep({ may, session, detail, changed, needed: catalogue.programme?.approval === 'required' })
  const decides = detail?.approval === 'approved' && mayDecide({ may, session, detail })
  const submits = write && detail !== null && ['none', 'sent_back'].includes(detail.approval)
  const instead: NextStep = decides ? 'decide' : submits ? 'submit' : null
  const goOn = async (): Promise<void> => {
    // What is published or submitted is the draft on the server, so it must be what is seen here.
    if (!changed || await save(undefined, `?${next}`) !== null) setDoing(first === null ? null : next)
  }
  const stop = (): void => {
    setDoing(null)
    if (asked !== null) navigate(location.pathname, { replace: true })
  }

  return (
    <EditingProvider value={editing}>
      <DiagnosticsProvider value={diagnostics}><CheckedProvider value={!checking}>
        <ZoneProvider value={editing.zone}>
          <div className="re">
            <Header name={name} otherwise={otherwise} newKey={detail === null ? String(rule['key']) : null} status={detail?.status ?? 'draft'}
              approval={changed ? 'none' : detail?.approval ?? 'none'} next={next}
              changed={changed} publishable={publishable} canUndo={editor.canUndo} canRedo={editor.canRedo} checking={checking} busy={saving.busy} mayWrite={write} diagnostics={diagnostics}
              onName={rename}
              onUndo={editor.undo} onRedo={editor.redo} onSave={() => void save()} onNext={() => void goOn()} />
            <main id="content" className="re-main" tabIndex={-1}>
              {conflict !== null && (
                <div className="re-conflict" role="alert">
                  <p>{conflict.taken ? say('keyTaken') : say('conflict', { who: conflict.theirs?.changed_by ?? say('somebody') })}</p>
                  {!conflict.taken && conflict.theirs !== null && (
                    <span>
                      <Button small onClick={() => {
                        const theirs = conflict.theirs
                        const document = theirs?.draft ?? theirs?.published
                        if (theirs === null || document === null || document === undefined) return
                        editor.put(document)
                        saving.accept(theirs, document)
                      }}>{say('loadTheirs')}</Button>{' '}
                      <Button small onClick={() => void save(conflict.theirs ?? undefined)}>{say('keepMine')}</Button>
                    </span>)}
                </div>)}
              {saving.error !== null && <ErrorNote error={saving.error} />}
              {detail !== null && detail.approval !== 'none' && <Suspense><Said reviews={detail.reviews} /></Suspense>}
              <div className="re-columns">
                <RuleForm rule={rule} />
                <Panel rule={rule} published={detail?.published ?? null} onRule={(made) => editor.put(made, '/')} />
              </div>
            </main>
            <p className="visually-hidden" role="status" aria-live="polite">{announced}</p>
            {doing !== null && detail !== null && (
              <Suspense>
                {doing === 'publish'
                  ? (
                    <PublishDialog rule={rule} detail={detail} onClose={stop} onInstead={instead === null ? undefined : () => setDoing(instead)}
                      onPublished={(made) => {
                        stop()
                        saving.accept(made, rule)
                        announce(say('published'))
                      }} />)
                  : (
                    <ReviewDialog what={doing} rule={rule} detail={detail} onClose={stop}
                      onDone={(made) => {
                        stop()
                        saving.accept(made, rule)
                        if (made.approval !== 'none') announce(approvals[made.approval])
                      }} />)}
              </Suspense>)}
          </div>
        </ZoneProvider>
      </CheckedProvider></DiagnosticsProvider>
    </EditingProvider>
  )
}
