import { lazy, Suspense, useState } from 'react'
import { useLoading, useSettled } from '../../app/loading'
import { capital, forgetNames } from '../../app/names'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Table } from '../../components/Table'
import { useNumber } from '../../components/Time'
import { api, type Definition, type DefinitionKind, type JsonObject } from '../../core/api'
import { useLanguage, type Text } from '../../core/language'
import { useMessages } from '../../messages'
import { NotFoundPage } from '../NotFoundPage'
import { About } from './About'
import { DefinitionForm } from './DefinitionForm'
import { copyOf, isHandMade, isKind, keyOf, KINDS, labelField } from './drafts'
import { fitting, SHOWN } from './finding'
import { UsesDialog } from './UsesDialog'
import { useWords } from './words'

// Its preview and the values to put in are only for who writes messages.
const TemplateForm = lazy(async () => ({ default: (await import('./template/TemplateForm')).TemplateForm }))
// It needs the machinery of the rule editor, which the lists don't.
const SchemaForm = lazy(async () => ({ default: (await import('./form/SchemaForm')).SchemaForm }))

export function DefinitionsPage({ kind }: { kind: string }) {
  return isKind(kind) ? <DefinitionsOf key={kind} kind={kind} /> : <NotFoundPage />
}

function DefinitionsOf({ kind }: { kind: DefinitionKind }) {
  const messages = useMessages()
  const words = useWords()
  const { pick } = useLanguage()
  const may = useMay()
  const { data, error, reload } = useLoading(kind, () => api.definitions(kind))
  const number = useNumber()
  const [editing, setEditing] = useState<Definition | 'new' | null>(null)
  const [copied, setCopied] = useState<Definition | null>(null)
  const [asked, setAsked] = useState('')
  const [typed, setTyped] = useState('')
  const [pages, setPages] = useState(1)
  const found = fitting(kind, data?.items ?? [], useSettled(typed))
  const shown = found.slice(0, pages * SHOWN)
  const [saved, setSaved] = useState('')
  const [secret, setSecret] = useState('')

  const done = (definition: Definition) => {
    setEditing(null)
    setCopied(null)
    forgetNames()
    setSaved(keyOf(kind, definition))
    setSecret(typeof definition.secret === 'string' ? definition.secret : '')
    reload()
  }
  const create = <Button kind="primary" onClick={() => setEditing('new')}>{words.create(words.one[kind])}</Button>
  return (
    <PageFrame title={words.title} lead={words.lead} actions={may.write && data && data.items.length > 0 && create}>
      <nav className="tabs" aria-label={words.title}>
        {KINDS.map((one) => (
          <Link key={one} href={`/definitions?kind=${one}`} aria-current={one === kind ? 'page' : undefined}>{words.kinds[one]}</Link>
        ))}
      </nav>
      <div role="status">{saved && <p className="note note-done filters">{words.saved(saved)}</p>}</div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data?.items.length === 0 && (
        <EmptyState title={words.empty(words.kinds[kind])} text={words.emptyText[kind]}>{may.write && create}</EmptyState>
      )}
      {data && data.items.length > 0 && (
        <search className="filters">
          <div className="field">
            <label htmlFor="df-search">{words.search}</label>
            <input id="df-search" type="search" className="input" placeholder={words.searchHint} value={typed} onChange={(event) => {
              setTyped(event.target.value)
              setPages(1)
            }} />
          </div>
        </search>
      )}
      {data && data.items.length > 0 && found.length === 0 && <p className="quiet">{words.nothing}</p>}
      {shown.length > 0 && (
        <div className="card card-flush">
          <Table
            caption={words.kinds[kind]}
            rows={shown}
            keyOf={(one) => keyOf(kind, one)}
            columns={[
              { key: 'name', head: words.columns.name, cell: (one) => <b>{capital(pick(one[labelField(kind)] as Text))}</b> },
              { key: 'key', head: words.columns.key, cell: (one) => <code>{keyOf(kind, one)}</code> },
              { key: 'about', head: words.columns.about, cell: (one) => <About kind={kind} definition={one} /> },
              {
                key: 'action', head: words.columns.action,
                cell: (one) => (
                  <div className="row">
                    {may.write && <Button small onClick={() => setEditing(one)} aria-label={`${messages.edit}: ${keyOf(kind, one)}`}>{messages.edit}</Button>}
                    {may.write && <Button small onClick={() => setCopied(one)} aria-label={words.copyLabel(keyOf(kind, one))}>{words.copy}</Button>}
                    <Button small kind="quiet" onClick={() => setAsked(keyOf(kind, one))} aria-label={words.usesLabel(keyOf(kind, one))}>{words.uses}</Button>
                  </div>
                ),
              },
            ]}
          />
        </div>
      )}
      {found.length > shown.length && (
        <div className="more"><Button onClick={() => setPages(pages + 1)}>{messages.more}</Button></div>
      )}
      {shown.length > 0 && <p className="page-note" role="status">{words.shown(number(shown.length), number(found.length))}</p>}
      {asked !== '' && <UsesDialog kind={kind} of={asked} onClose={() => setAsked('')} />}
      {copied !== null && <Suspense fallback={<Busy />}><Form kind={kind} definition={null} begun={copyOf(kind, copied)} onClose={() => setCopied(null)} onSaved={done} /></Suspense>}
      {editing !== null && <Suspense fallback={<Busy />}><Form kind={kind} definition={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onSaved={done} /></Suspense>}
      {secret && (
        <Dialog title={words.secretTitle} onClose={() => setSecret('')} actions={<Button kind="primary" onClick={() => setSecret('')}>{words.done}</Button>}>
          <p>{words.secretText}</p>
          <p className="secret">{secret}</p>
        </Dialog>
      )}
    </PageFrame>
  )
}

function Form({ kind, ...shared }: { kind: DefinitionKind; definition: Definition | null; begun?: JsonObject; onClose: () => void; onSaved: (saved: Definition) => void }) {
  if (kind === 'templates') return <TemplateForm {...shared} />
  return isHandMade(kind) ? <DefinitionForm kind={kind} {...shared} /> : <SchemaForm kind={kind} {...shared} />
}
