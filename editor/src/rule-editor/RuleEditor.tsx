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
import { useAutosave } from './saving/use-autosave'
import { useCheck } from './use-check'
import { useClipboard } from './use-clipboard'
import { useKeys } from './use-keys'
import { useRule } from './use-rule'
import { useSaving } from './use-saving'

// Asked for by who publishes, and only then.
const Life = lazy(() => import('./life/Life'))
const PublishDialog = lazy(async () => ({ default: (await import('./PublishDialog')).PublishDialog }))
const ReviewDialog = lazy(async () => ({ default: (await import('./approval/ReviewDialog')).ReviewDialog }))
const Offered = lazy(() => import('./saving/Offered'))
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
  const { kept, waiting, offered, answerOffer, settle } = useAutosave({
    rule, touched: editor.canUndo || editor.canRedo, changed, saving, person: session.name, mayWrite: write,
  })
  const act = useClipboard(editor, root, say, announce)
  useKeys({ act, undo: editor.undo, redo: editor.redo })

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

  const { edit, addCondition, append } = editor
  const editing = useMemo<Editing>(() => ({
    root, catalogue, zone: catalogue.programme?.zone ?? 'UTC', language, edit, addCondition, append, act, focus: focusOn,
  }), [root, catalogue, language, edit, addCondition, append, act])

  const rename = (made: string): void => {
    const { [language]: _, ...others } = names
    editor.put({ ...written, name: made === '' ? others : { ...others, [language]: made } }, '/name')
  }

  const save = async (over?: RuleDetail, then = ''): Promise<RuleDetail | null> => {
    // It may have saved itself while somebody reached for the button.
    const made = !changed && over === undefined ? detail : await saving.save(rule, over)
    if (made === null) return null
    announce(say('saved'))
    // The address of a new rule is its key from now on; there it goes on with what was asked for.
    if (first === null) {
      settle()
      navigate(`/rules/${encodeURIComponent(made.key)}${then}`, { replace: true })
    }
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
  const restart = async (made: JsonObject): Promise<RuleDetail | null> => {
    editor.put(made, '/active')
    return saving.save(made)
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
              saveState={{ changed: changed && (detail !== null || editor.canUndo), busy: saving.busy, kept, waiting, savedAt: saving.savedAt }}
              onName={rename}
              startsAt={detail?.starts_at ?? null} life={detail !== null && detail.version !== null && (
                <Suspense>
                  <Life detail={detail} onChanged={(made, said) => {
                    // What is in force is what is shown, unless there is a draft of it.
                    if (!changed && made.draft === null && made.published !== null) editor.put(made.published, '/')
                    saving.renew(made)
                    announce(said)
                  }} />
                </Suspense>)}
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
              {offered !== null && (
                <Suspense>
                  <Offered kept={offered} onDiscard={answerOffer} onRestore={() => {
                    editor.put(offered.rule)
                    saving.goBackTo(offered.etag)
                    answerOffer()
                  }} />
                </Suspense>)}
              {saving.error !== null && <ErrorNote error={saving.error} />}
              {detail !== null && detail.approval !== 'none' && <Suspense><Said reviews={detail.reviews} /></Suspense>}
              {!write && <p className="note note-quiet">{say('readOnly')}</p>}
              <div className="re-columns">
                <fieldset className="re-all" disabled={!write}><RuleForm rule={rule} /></fieldset>
                <Panel rule={rule} published={detail?.published ?? null} known={detail !== null} onRule={write ? (made) => editor.put(made, '/') : undefined} />
              </div>
            </main>
            <p className="visually-hidden" role="status" aria-live="polite">{announced}</p>
            {doing !== null && detail !== null && (
              <Suspense>
                {doing === 'publish'
                  ? (
                    <PublishDialog rule={rule} detail={detail} onClose={stop} onStart={write ? restart : undefined} onInstead={instead === null ? undefined : () => setDoing(instead)}
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
