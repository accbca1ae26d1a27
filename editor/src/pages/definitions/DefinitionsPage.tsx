import { lazy, Suspense, useState } from 'react'
import { useLoading } from '../../app/loading'
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
import { api, type Definition, type DefinitionKind } from '../../core/api'
import { useLanguage, type Text } from '../../core/language'
import { useMessages } from '../../messages'
import { NotFoundPage } from '../NotFoundPage'
import { About } from './About'
import { DefinitionForm } from './DefinitionForm'
import { isHandMade, isKind, keyOf, KINDS, labelField } from './drafts'
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
  const [editing, setEditing] = useState<Definition | 'new' | null>(null)
  const [saved, setSaved] = useState('')
  const [secret, setSecret] = useState('')

  const done = (definition: Definition) => {
    setEditing(null)
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
        <div className="card card-flush">
          <Table
            caption={words.kinds[kind]}
            rows={data.items}
            keyOf={(one) => keyOf(kind, one)}
            columns={[
              { key: 'name', head: words.columns.name, cell: (one) => <b>{capital(pick(one[labelField(kind)] as Text))}</b> },
              { key: 'key', head: words.columns.key, cell: (one) => <code>{keyOf(kind, one)}</code> },
              { key: 'about', head: words.columns.about, cell: (one) => <About kind={kind} definition={one} /> },
              ...(may.write ? [{
                key: 'action', head: words.columns.action,
                cell: (one: Definition) => (
                  <Button small onClick={() => setEditing(one)} aria-label={`${messages.edit}: ${keyOf(kind, one)}`}>{messages.edit}</Button>
                ),
              }] : []),
            ]}
          />
        </div>
      )}
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

function Form({ kind, ...shared }: { kind: DefinitionKind; definition: Definition | null; onClose: () => void; onSaved: (saved: Definition) => void }) {
  if (kind === 'templates') return <TemplateForm {...shared} />
  return isHandMade(kind) ? <DefinitionForm kind={kind} {...shared} /> : <SchemaForm kind={kind} {...shared} />
}
