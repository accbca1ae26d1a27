import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../app/loading'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { useNumber } from '../../components/Time'
import { api, type Json } from '../../core/api'
import { fromLocal } from '../../core/instant'
import { useLanguage, type Text } from '../../core/language'
import { useMessages } from '../../messages'
import { ChoiceField, TextField } from '../definitions/fields'
import { plan, preview } from './api'
import { useWords } from './words'

interface Named { key: string; name: Text }
type Whom = 'everybody' | 'tag' | 'segment'

const conditionOf = (whom: Whom, which: string): Json =>
  whom === 'everybody' || which === '' ? null : { type: 'compare', fact: whom === 'tag' ? 'member.tags' : 'member.segments', op: 'has', value: which }

function Count({ audience }: { audience: Json }) {
  const words = useWords()
  const number = useNumber()
  const { data, error } = useLoading(JSON.stringify(audience), () => preview(audience))
  if (error) return <ErrorNote error={error} />
  const many = data?.exact?.members ?? data?.estimate?.about
  return (
    <p className="note form-wide" role="status">
      {!data || many === undefined ? words.counting : data.exact ? words.exactly(number(many)) : words.about(number(many))}
      {data && data.sample.length > 0 && <><br /><span className="small quiet">{words.some(data.sample.slice(0, 5).join(', '))}</span></>}
    </p>
  )
}

/** Plans a broadcast, with whom it is for shown beside it. */
export function NewBroadcast({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const messages = useMessages()
  const words = useWords()
  const { language, pick } = useLanguage()
  const form = useId()
  const { data } = useLoading('catalogue', api.catalogue)
  const { templates = [], tags = [], segments = [] } = (data ?? {}) as unknown as Record<'templates' | 'tags' | 'segments', Named[] | undefined>
  const [said, setSaid] = useState({ name: '', key: '', template: '', channel: 'sms', which: '', at: '' })
  const [whom, setWhom] = useState<Whom>('tag')
  const [when, setWhen] = useState<'now' | 'later'>('now')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const set = (name: keyof typeof said) => (value: string) => setSaid((before) => ({ ...before, [name]: value }))
  const choices = (found: Named[]) => ({ '': '–', ...Object.fromEntries(found.map((one) => [one.key, pick(one.name)])) })
  const ready = said.name !== '' && said.template !== '' && (whom === 'everybody' || said.which !== '')
  const audience = conditionOf(whom, said.which)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const zone = (data?.programme as { zone?: string } | undefined)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
      const at = when === 'now' ? null : fromLocal(said.at, zone)
      await plan({ key: said.key, name: { [language]: said.name }, template: said.template, channel: said.channel, audience, at })
      onDone()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={words.create}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={busy || !ready}>{when === 'now' ? words.send : words.plan}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <form id={form} onSubmit={submit} className="form-grid">
        <TextField label={words.name} required value={said.name} onChange={set('name')} />
        <TextField label={words.key} hint={words.keyHint} required pattern="[a-z0-9]+(-[a-z0-9]+)*" value={said.key} onChange={set('key')} />
        <ChoiceField label={words.template} value={said.template} onChange={set('template')} choices={choices(templates)} />
        <ChoiceField label={words.channel} value={said.channel} onChange={set('channel')} choices={words.channels as Record<string, string>} />
        <ChoiceField
          label={words.audience} value={whom} choices={{ everybody: words.everybody, tag: words.tag, segment: words.segment }}
          onChange={(value) => { setWhom(value); set('which')('') }}
        />
        {whom !== 'everybody' && <ChoiceField label={words.which} value={said.which} onChange={set('which')} choices={choices(whom === 'tag' ? tags : segments)} />}
        {(whom === 'everybody' || said.which !== '') && <Count audience={audience} />}
        <ChoiceField label={words.when} value={when} onChange={setWhen} choices={{ now: words.now, later: words.later }} />
        {when === 'later' && <TextField label={words.at} type="datetime-local" required value={said.at} onChange={set('at')} />}
      </form>
    </Dialog>
  )
}
