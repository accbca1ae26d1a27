import { useId, useState, type FormEvent } from 'react'
import { asError, useLoading } from '../../app/loading'
import { capital } from '../../app/names'
import { useRequestId } from '../../app/request-id'
import { useZone } from '../../app/zone'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, type CouponHeld, type JsonObject, type MemberDetail, type TagHeld, type Told } from '../../core/api'
import { fromLocal } from '../../core/instant'
import { inLanguage, useLanguage, type Text } from '../../core/language'
import { isInUse, type CatalogueEntry, type RuleCatalogue } from '../../core/schema'
import { useMessages } from '../../messages'
import { ChoiceField, LongField, TextField } from '../definitions/fields'
import { wholeOf } from './amounts'
import { useWords } from './words'

export type Doing =
  | { what: 'adjust' | 'level' | 'membership' | 'coupon' | 'tag' }
  | { what: 'void'; coupon: CouponHeld }
  | { what: 'untag'; tag: TagHeld }

const BELOW = ''

interface ByHandProps {
  member: MemberDetail
  doing: Doing
  onClose: () => void
  onDone: () => void
}

/** Something that a person does for a member, with the reason that the log keeps. */
export function ByHand({ member, doing, onClose, onDone }: ByHandProps) {
  const words = useWords()
  const { data, error } = useLoading('catalogue', api.catalogue)
  if (data === null) {
    return <Dialog title={words.hand.titles[doing.what]} onClose={onClose}>{error ? <ErrorNote error={error} /> : <Busy />}</Dialog>
  }
  return <Form member={member} doing={doing} onClose={onClose} onDone={onDone} catalogue={data as unknown as RuleCatalogue} />
}

function Form({ member, doing, onClose, onDone, catalogue }: ByHandProps & { catalogue: RuleCatalogue }) {
  const messages = useMessages()
  const { hand: words } = useWords()
  const { language, pick } = useLanguage()
  const zone = useZone() ?? 'UTC'
  const form = useId()
  const kinds = { adjust: catalogue.units, level: catalogue.ladders, membership: catalogue.memberships, coupon: catalogue.coupons, tag: catalogue.tags.filter(isInUse), void: undefined, untag: undefined }
  const defined: readonly CatalogueEntry[] = kinds[doing.what] ?? []
  const ladders = catalogue.ladders ?? []
  const [key, setKey] = useState(defined[0]?.key ?? '')
  const [direction, setDirection] = useState<'give' | 'take' | 'start' | 'end'>(doing.what === 'membership' ? 'start' : 'give')
  const [amount, setAmount] = useState('')
  const [tier, setTier] = useState(ladders[0]?.tiers[0]?.key ?? BELOW)
  const [until, setUntil] = useState('')
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [refused, setRefused] = useState<Text | null>(null)
  const request = useRequestId()
  const ladder = ladders.find((one) => one.key === key)
  const currency = member.balances.find((one) => one.unit === key)?.currency ?? null

  const choose = (made: string): void => {
    setKey(made)
    setTier(ladders.find((one) => one.key === made)?.tiers[0]?.key ?? BELOW)
  }

  const content = (): JsonObject => {
    const end: JsonObject = until === '' ? {} : { until: fromLocal(until, zone) ?? until }
    switch (doing.what) {
      case 'adjust': {
        const whole = wholeOf(amount, currency)
        return { unit: key, amount: whole === null ? amount : direction === 'take' ? -whole : whole }
      }
      case 'level': return { ladder: key, tier: tier === BELOW ? null : tier, ...end }
      case 'membership': return direction === 'end' ? { membership: key, end: true } : { membership: key, ...end }
      case 'coupon': return { coupon: key }
      case 'tag': return { tag: key, ...end }
      case 'untag': return { tag: doing.tag.tag }
      case 'void': return { code: doing.coupon.code }
    }
  }

  const send = (body: JsonObject): Promise<Told> => {
    const id = request.of(JSON.stringify(body))
    if (doing.what === 'void') return api.voidCoupon(doing.coupon.code, { userId: member.id, why })
    if (doing.what === 'coupon') return api.issueCoupon({ coupon: key, batch: id, userIds: [member.id], why })
    if (doing.what === 'untag') return api.takeTagOff(member.id, doing.tag.tag, { id, why, all: 'true' })
    return api.byHand(member.id, doing.what === 'tag' ? 'tags' : doing.what, { id, ...body })
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    setRefused(null)
    try {
      const told = await send({ ...content(), why })
      const failure = told.reason === undefined ? told.failures?.[0] : told
      if (failure === undefined) return onDone()
      request.forget()
      setRefused(failure.text ?? { en: words.refused, 'zh-Hans': words.refused })
    } catch (problem) {
      setError(asError(problem))
    }
    setBusy(false)
  }

  const named = (entries: readonly CatalogueEntry[]): Record<string, string> =>
    Object.fromEntries(entries.map((one) => [one.key, capital(inLanguage(one.name as Text, language) || one.key)]))
  const takes = doing.what === 'void' || doing.what === 'untag'
  const nothing = !takes && defined.length === 0
  return (
    <Dialog
      title={words.titles[doing.what]}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind={takes ? 'danger' : 'primary'} type="submit" form={form} disabled={busy || nothing}>
            {doing.what === 'void' ? words.void : doing.what === 'untag' ? words.untag : words.submit}
          </Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      {refused && <p className="note note-error" role="alert">{pick(refused)}</p>}
      {nothing && <p className="quiet">{words.none}</p>}
      <form id={form} className="form-grid" onSubmit={submit}>
        {doing.what === 'void' && <p className="form-wide"><b>{pick(doing.coupon.name)}</b> <span className="mono">{doing.coupon.code}</span></p>}
        {doing.what === 'untag' && <p className="form-wide"><b>{pick(doing.tag.name) || doing.tag.tag}</b> <span className="quiet">{words.untagText}</span></p>}
        {doing.what === 'adjust' && <ChoiceField label={words.unit} value={key} choices={named(defined)} onChange={choose} />}
        {doing.what === 'level' && <ChoiceField label={words.ladder} value={key} choices={named(defined)} onChange={choose} />}
        {(doing.what === 'membership' || doing.what === 'coupon' || doing.what === 'tag') && <ChoiceField label={words.which} value={key} choices={named(defined)} onChange={choose} />}
        {doing.what === 'adjust' && (
          <>
            <ChoiceField label={words.direction} value={direction} choices={{ give: words.give, take: words.take }} onChange={setDirection} />
            <TextField label={currency === null ? words.amount : `${words.money} (${currency})`} required
              pattern={currency === null ? '[0-9]{1,12}' : '[0-9]{1,12}(\\.[0-9]+)?'} value={amount} onChange={setAmount} />
          </>)}
        {doing.what === 'level' && (
          <>
            <ChoiceField label={words.tier} value={tier} choices={{ [BELOW]: words.nobody, ...named(ladder?.tiers ?? []) }} onChange={setTier} />
            <TextField label={words.until} hint={words.untilHint} type="datetime-local" value={until} onChange={setUntil} />
          </>)}
        {doing.what === 'membership' && (
          <>
            <ChoiceField label={words.direction} value={direction} choices={{ start: words.start, end: words.end }} onChange={setDirection} />
            {direction === 'start' && <TextField label={words.until} hint={words.lasts} type="datetime-local" value={until} onChange={setUntil} />}
          </>)}
        {doing.what === 'tag' && <TextField label={words.until} hint={words.lasts} type="datetime-local" value={until} onChange={setUntil} />}
        <LongField label={words.why} hint={words.whyHint} required value={why} onChange={setWhy} />
      </form>
    </Dialog>
  )
}
