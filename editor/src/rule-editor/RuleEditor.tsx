import { useCallback, useEffect, useMemo, useState } from 'react'
import { guardLeaving, navigate } from '../app/router'
import { useMay } from '../app/session'
import { Button } from '../components/Button'
import { useLanguage } from '../core/language'
import type { JsonObject, RuleCatalogue, Schema } from '../core/schema'
import { isObject } from '../core/schema'
import { sentence } from '../core/sentence'
import { same } from '../core/tree'
import type { RuleDetail } from '../core/types'
import { DiagnosticsProvider, EditingProvider, type Editing } from './context'
import { focusOn } from './focus'
import { RuleForm } from './form/RuleForm'
import { Header } from './Header'
import { keyFrom } from './key'
import { useSay } from './messages'
import { Panel } from './panel/Panel'
import { PublishDialog } from './PublishDialog'
import { useCheck } from './use-check'
import { useKeys } from './use-keys'
import { useRule } from './use-rule'
import { useSaving } from './use-saving'

interface RuleEditorProps {
  root: Schema
  catalogue: RuleCatalogue & { readonly programme?: { readonly zone?: string } }
  initial: JsonObject
  detail: RuleDetail | null
}

export function RuleEditor({ root, catalogue, initial, detail: first }: RuleEditorProps) {
  const say = useSay()
  const { language, pick } = useLanguage()
  const { write } = useMay()
  const [announced, announce] = useState('')
  const [publishing, setPublishing] = useState(false)
  const editor = useRule(initial, say, announce)
  const { rule } = editor
  const { diagnostics, checking } = useCheck(rule, root)
  const saving = useSaving(first)
  const { detail, saved, conflict } = saving
  const changed = saved === null || !same(rule, saved)
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
  const name = typeof names[language] === 'string' ? names[language] : pick({ en: '', 'zh-Hans': '', ...names } as Parameters<typeof pick>[0])
  useEffect(() => {
    document.title = `${name || say('newRule')} · ${say('rules')}`
  }, [name, say])

  const { edit, addCondition, append, act } = editor
  const editing = useMemo<Editing>(() => ({
    root, catalogue, zone: catalogue.programme?.zone ?? 'UTC', language, edit, addCondition, append, act, focus: focusOn,
  }), [root, catalogue, language, edit, addCondition, append, act])

  const rename = (made: string): void => {
    const called = { ...rule, name: { ...names, [language]: made } }
    // The key of a new rule follows its name until somebody has chosen another.
    const follows = detail === null && language === 'en' && rule['key'] === keyFrom(String(names['en'] ?? ''))
    editor.put(follows ? { ...called, key: keyFrom(made) } : called, '/name')
  }

  const settle = useCallback((made: RuleDetail | null): void => {
    if (made === null) return
    announce(say('saved'))
    // The address of a new rule is its key from now on.
    if (first === null) navigate(`/rules/${encodeURIComponent(made.key)}`, { replace: true })
  }, [first, say])

  const save = async (over?: RuleDetail): Promise<RuleDetail | null> => {
    const made = await saving.save(rule, over)
    settle(made)
    return made
  }
  const publish = async (): Promise<void> => {
    // What is published is the draft on the server, so it must be what is seen here.
    if (!changed || await save() !== null) setPublishing(true)
  }

  return (
    <EditingProvider value={editing}>
      <DiagnosticsProvider value={diagnostics}>
        <div className="re">
          <Header name={name} status={detail?.status ?? 'draft'} changed={changed} canUndo={editor.canUndo} canRedo={editor.canRedo}
            checking={checking} busy={saving.busy} mayWrite={write} diagnostics={diagnostics}
            onName={rename}
            onUndo={editor.undo} onRedo={editor.redo} onSave={() => void save()} onPublish={() => void publish()} />
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
            {saving.error !== null && <div className="re-conflict" role="alert"><p>{say('failed', { reason: saving.error.message })}</p></div>}
            <div className="re-columns">
              <RuleForm rule={rule} isNew={detail === null} />
              <Panel rule={rule} published={detail?.published ?? null} onRule={(made) => editor.put(made, '/')} />
            </div>
          </main>
          <p className="visually-hidden" role="status" aria-live="polite">{announced}</p>
          {publishing && detail !== null && (
            <PublishDialog ruleKey={detail.key} language={language} sentence={sentence(rule, root, catalogue, language)}
              onClose={() => setPublishing(false)}
              onPublished={(made) => {
                setPublishing(false)
                saving.accept(made, rule)
                announce(say('published'))
              }} />)}
        </div>
      </DiagnosticsProvider>
    </EditingProvider>
  )
}
