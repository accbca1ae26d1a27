import { lazy, Suspense, useId, useState, type FormEvent } from 'react'
import { asError, useLoading, useSettled } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, ApiError, type Json } from '../../core/api'
import { fromLocal, toLocal } from '../../core/instant'
import { useLanguage, writtenAs, type Text } from '../../core/language'
import { useMessages } from '../../messages'
import { ChoiceField, TextField } from '../definitions/fields'
import AudienceCount from '../figures/AudienceCount'
import { plan, preview, progressOf, saveDraft, type Broadcast } from './api'
import { audienceOf, conditionOf, isEmpty, type Whom } from './audience'
import { Conflict } from './Conflict'
import { useWords } from './words'

// The editor of conditions is the rule editor's: only who asks by a condition waits for it.
const ConditionEditor = lazy(() => import('../../rule-editor/condition/ConditionEditor'))

/** What is said when somebody else has saved, or begun, the draft of this key. */
const CHANGED = ['draft-changed', 'if-match-required']

interface Named { key: string; name: Text }

/** Some of those whom it would reach, by name. */
function Sample({ audience }: { audience: Json }) {
  const words = useWords()
  const asked = useSettled(JSON.stringify(audience), 600)
  const { data } = useLoading(asked, () => preview(JSON.parse(asked) as Json))
  return data && data.sample.length > 0 ? <p className="small quiet">{words.some(data.sample.slice(0, 5).join(', '))}</p> : null
}

interface FormProps {
  /** What was written of it before, or null to begin one. */
  draft: Broadcast | null
  onClose: () => void
  onDone: () => void
  /** Goes on with what somebody else has saved. */
  onTheirs: (theirs: Broadcast) => void
}

/** Writes a broadcast, with whom it is for counted beside it: kept as a draft, or sent. */
export function BroadcastForm(props: FormProps) {
  const words = useWords()
  const { data, error } = useLoading('catalogue', api.catalogue)
  if (data === null) return <Dialog wide title={words.create} onClose={props.onClose}>{error ? <ErrorNote error={error} /> : <Busy />}</Dialog>
  return <Loaded {...props} catalogue={data as unknown as Catalogue} />
}

interface Catalogue {
  templates?: Named[]
  tags?: Named[]
  segments?: Named[]
  programme?: { zone?: string }
}

function Loaded({ draft, onClose, onDone, onTheirs, catalogue }: FormProps & { catalogue: Catalogue }) {
  const messages = useMessages()
  const words = useWords()
  const { language, pick } = useLanguage()
  const form = useId()
  const { templates = [], tags = [], segments = [], programme } = catalogue
  const zone = programme?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const [said, setSaid] = useState({
    name: pick(draft?.name), key: draft?.key ?? '', template: draft?.template ?? '', channel: draft?.channel ?? 'sms',
    at: draft?.at ? toLocal(draft.at, zone)?.slice(0, 16) ?? '' : '',
  })
  const [audience, setAudience] = useState(() => (draft === null ? { whom: 'tag' as Whom, which: '', condition: null } : audienceOf(draft.audience)))
  const [begun] = useState(audience.condition)
  const [sound, setSound] = useState(false)
  const [when, setWhen] = useState<'now' | 'later'>(draft?.at ? 'later' : 'now')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [etag, setEtag] = useState(draft?.etag ?? null)
  const [theirs, setTheirs] = useState<Broadcast | null>(null)
  const set = (name: keyof typeof said) => (value: string) => setSaid((before) => ({ ...before, [name]: value }))
  const [setCondition] = useState(() => (condition: Json) => setAudience((before) => ({ ...before, condition })))
  const choices = (found: Named[]) => ({ '': '–', ...Object.fromEntries(found.map((one) => [one.key, pick(one.name)])) })
  const { whom, which } = audience
  const asked = conditionOf(audience)
  const known = whom === 'condition' ? sound && !isEmpty(asked) : whom === 'everybody' || which !== ''
  const ready = said.name !== '' && said.template !== '' && known

  const take = async (send: boolean): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const at = when === 'now' || said.at === '' ? null : fromLocal(said.at, zone)
      const name = draft !== null && said.name === pick(draft.name) ? draft.name : { ...draft?.name, [writtenAs(language)]: said.name }
      const body = { name, channel: said.channel, audience: asked, at }
      if (send) await plan({ ...body, key: said.key, template: said.template }, etag)
      else await saveDraft(said.key, { ...body, template: said.template || null }, etag)
      onDone()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
      if (problem instanceof ApiError && CHANGED.includes(problem.code)) setTheirs(await progressOf(said.key).catch(() => null))
    }
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const by = (event.nativeEvent as SubmitEvent).submitter
    void take(by?.dataset['draft'] === undefined)
  }
  return (
    <Dialog
      wide
      title={draft === null ? words.create : words.editing(pick(draft.name) || draft.key)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={form} data-draft="" disabled={busy || said.key === ''}>{words.saveDraft}</Button>
          <Button kind="primary" type="submit" form={form} disabled={busy || !ready}>{when === 'now' ? words.send : words.plan}</Button>
        </>
      }
    >
      {error && theirs === null && <ErrorNote error={error} />}
      {theirs !== null && (
        <Conflict
          theirs={theirs}
          onTheirs={() => onTheirs(theirs)}
          onMine={() => {
            setEtag(theirs.etag ?? null)
            setTheirs(null)
            setError(null)
          }}
        />)}
      <form id={form} onSubmit={submit} className="form-grid">
        <TextField label={words.name} required value={said.name} onChange={set('name')} />
        <TextField label={words.key} hint={words.keyHint} required disabled={draft !== null} pattern="[a-z0-9]+(-[a-z0-9]+)*" value={said.key} onChange={set('key')} />
        <ChoiceField label={words.template} value={said.template} onChange={set('template')} choices={choices(templates)} />
        <ChoiceField label={words.channel} value={said.channel} onChange={set('channel')} choices={words.channels as Record<string, string>} />
        <ChoiceField
          label={words.audience} value={whom}
          choices={{ everybody: words.everybody, tag: words.tag, segment: words.segment, condition: words.condition }}
          onChange={(value) => setAudience((before) => ({ ...before, whom: value, which: '' }))}
        />
        {(whom === 'tag' || whom === 'segment') && (
          <ChoiceField label={words.which} value={which} choices={choices(whom === 'tag' ? tags : segments)}
            onChange={(value) => setAudience((before) => ({ ...before, which: value }))} />)}
        {whom === 'condition' && (
          <Suspense fallback={<Busy />}>
            <ConditionEditor initial={begun} label={words.condition} onChange={setCondition} onSound={setSound} />
          </Suspense>)}
        {known && (
          <div className="form-wide">
            {whom !== 'condition' && <AudienceCount condition={asked} />}
            <Sample audience={asked} />
          </div>)}
        <ChoiceField label={words.when} value={when} onChange={setWhen} choices={{ now: words.now, later: words.later }} />
        {when === 'later' && <TextField label={words.at} type="datetime-local" required value={said.at} onChange={set('at')} />}
      </form>
    </Dialog>
  )
}
