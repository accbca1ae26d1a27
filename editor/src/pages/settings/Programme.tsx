import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { forgetNames } from '../../app/names'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { useNumber } from '../../components/Time'
import { api } from '../../core/api'
import { useLanguage, type Text } from '../../core/language'
import { CheckField, TextField } from '../definitions/fields'
import { changeProgramme, type Programme as Told, type Settings } from './api'
import { Pairs } from './Pairs'
import { useWords } from './words'

/** What the programme is called, and by which clock and in which currency it counts. */
export function Programme({ programme, onChanged }: { programme: Told; onChanged: (settings: Settings) => void }) {
  const { programme: words } = useWords()
  const may = useMay()
  const { pick } = useLanguage()
  const number = useNumber()
  if (may.administer) return <section className="card st-wide"><h2>{words.title}</h2><Form programme={programme} onChanged={onChanged} /></section>
  return (
    <section className="card st-wide">
      <h2>{words.title}</h2>
      <Pairs of={[
        [words.nameEn, programme.name?.en ?? (pick(programme.name as Text) || words.unnamed)], [words.nameZh, programme.name?.['zh-Hans'] ?? words.unnamed],
        [words.zone, programme.zone], [words.currency, programme.currency],
        [words.late, number(programme.late_after_hours)], [words.returns, number(programme.returns_days)],
      ]} />
    </section>
  )
}

function Form({ programme, onChanged }: { programme: Told; onChanged: (settings: Settings) => void }) {
  const { programme: words } = useWords()
  const zones = useId()
  const [draft, setDraft] = useState(() => ({
    en: programme.name?.en ?? '', zh: programme.name?.['zh-Hans'] ?? '', zone: programme.zone, currency: programme.currency,
    late: String(programme.late_after_hours), returns: String(programme.returns_days),
  }))
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const set = (name: keyof typeof draft) => (value: string) => {
    setSaved(false)
    setDraft((before) => ({ ...before, [name]: value }))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    const name = { ...programme.name, en: draft.en.trim() || undefined, 'zh-Hans': draft.zh.trim() || undefined }
    const named = Object.values(name).some((text) => text !== undefined)
    try {
      onChanged(await changeProgramme({
        ...(named ? { name } : {}), zone: draft.zone.trim(), currency: draft.currency.trim(),
        late_after_hours: Number(draft.late), returns_days: Number(draft.returns),
      }))
      forgetNames()
      setSaved(true)
    } catch (problem) {
      setError(asError(problem))
    }
    setBusy(false)
  }
  return (
    <form className="form-grid" onSubmit={submit}>
      {error && <div className="form-wide"><ErrorNote error={error} /></div>}
      <TextField label={words.nameEn} hint={words.nameHint} value={draft.en} onChange={set('en')} />
      <TextField label={words.nameZh} hint={words.nameHint} value={draft.zh} onChange={set('zh')} />
      <TextField label={words.zone} hint={words.zoneHint} required list={zones} value={draft.zone} onChange={set('zone')} />
      <TextField label={words.currency} hint={words.currencyHint} required pattern="[A-Z]{3}" value={draft.currency} onChange={set('currency')} />
      <TextField type="number" label={words.late} required value={draft.late} onChange={set('late')} />
      <TextField type="number" label={words.returns} hint={words.returnsHint} required value={draft.returns} onChange={set('returns')} />
      <datalist id={zones}>{Intl.supportedValuesOf('timeZone').map((zone) => <option key={zone} value={zone} />)}</datalist>
      <div className="form-wide st-actions">
        <Button kind="primary" type="submit" disabled={busy}>{words.save}</Button>
        <span role="status">{saved && words.saved}</span>
      </div>
    </form>
  )
}

/** Whether rules are published only with the approval of a second person. Administrators decide it. */
export function Approval({ programme, onChanged }: { programme: Told; onChanged: (programme: Told) => void }) {
  const { approval: words } = useWords()
  const may = useMay()
  const [failed, setFailed] = useState<Error | null>(null)
  const needed = programme.approval === 'required'
  const demand = async (asked: boolean) => {
    setFailed(null)
    try {
      const approval = asked ? 'required' : 'optional'
      await api.demandApproval(approval)
      onChanged({ ...programme, approval })
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  return (
    <section className="card">
      <h2>{words.title}</h2>
      {failed && <ErrorNote error={failed} />}
      {may.administer && <CheckField label={words.label} value={needed} onChange={(asked) => void demand(asked)} />}
      <p className="small quiet" role="status">{needed ? words.yes : words.no}</p>
    </section>
  )
}
