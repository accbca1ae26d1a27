import { useId, useState } from 'react'
import { useLoading, useSettled } from '../../../app/loading'
import { ErrorNote } from '../../../components/ErrorNote'
import { api } from '../../../core/api'
import type { JsonObject } from '../../../core/types'
import { LANGUAGES, templatesApi } from './api'
import { useTemplateWords } from './words'

/** How the template reads for a member, as it stands in the form. */
export function Preview({ template, ready }: { template: JsonObject; ready: boolean }) {
  const words = useTemplateWords()
  const id = useId()
  const first = useLoading('first', () => api.members({})).data?.items[0]?.id
  const [typed, setTyped] = useState<string | null>(null)
  const [language, setLanguage] = useState('')
  const member = (typed ?? first ?? '').trim()
  const asked = useSettled(ready && member !== '' ? JSON.stringify({ member, language, template }) : '', 500)
  const { data, error } = useLoading(asked, () =>
    asked === '' ? Promise.resolve(null) : templatesApi.preview('draft', JSON.parse(asked) as Parameters<typeof templatesApi.preview>[1]))
  const sent = data?.missing.filter((one) => !/^(event|coupon)\./.test(one)) ?? []
  const later = data !== null && data.missing.length > sent.length
  return (
    <section className="form-wide stack" aria-labelledby={`${id}-head`}>
      <h3 id={`${id}-head`}>{words.preview}</h3>
      <div className="form-grid">
        <div className="field">
          <label htmlFor={`${id}-member`}>{words.member}</label>
          <input id={`${id}-member`} type="text" className="input" value={typed ?? first ?? ''} aria-describedby={`${id}-hint`} onChange={(event) => setTyped(event.target.value)} />
          <span id={`${id}-hint`} className="field-hint">{words.memberHint}</span>
        </div>
        <div className="field">
          <label htmlFor={`${id}-language`}>{words.language}</label>
          <select id={`${id}-language`} className="select" value={language} onChange={(event) => setLanguage(event.target.value)}>
            <option value="">{words.own}</option>
            {LANGUAGES.map((one) => <option key={one} value={one} lang={one}>{words.languages[one]}</option>)}
          </select>
        </div>
      </div>
      {error && <ErrorNote error={error} />}
      <div role="status">
        {!error && data === null && <p className="quiet">{words.noPreview}</p>}
        {!error && data !== null && (
          <div className="tp-preview" lang={data.language}>
            {data.subject && <p><b>{data.subject}</b></p>}
            <p className="tp-text">{data.text}</p>
          </div>)}
        {!error && data !== null && sent.length > 0 && (
          <p className="tp-fault">{(template.when_missing === 'fail' ? words.lacksStops : words.lacks)(sent.join(', '))}</p>)}
        {!error && later && <p className="field-hint">{words.ofEvent}</p>}
      </div>
      {data !== null && data.html !== '' && <details><summary>{words.source}</summary><pre className="tp-source">{data.html}</pre></details>}
    </section>
  )
}
