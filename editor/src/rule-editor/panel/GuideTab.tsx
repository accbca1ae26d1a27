import { useLoading } from '../../app/loading'
import { LANGUAGE_NAMES } from '../../components/LanguageSwitch'
import { localeOf } from '../../core/amounts'
import { call } from '../../core/api'
import { inLanguage, saidIn, spoken, type Language } from '../../core/language'
import { isObject, labelOf, type Json, type JsonObject, type RuleCatalogue } from '../../core/schema'
import { get } from '../../core/tree'
import { steps, useEditing } from '../context'

type Said = Partial<Record<string, string>>

interface PublicText { readonly version: number | null; readonly text: Record<string, readonly string[]> }

/** The words of this tab stand here, so that they are loaded with it. */
const WORDS = {
  use: spoken('When to use it', '适用场景'),
  adapt: spoken('To adapt', '可调整'),
  untold: spoken('This rule has no guide.', '此规则没有使用说明。'),
  publicText: spoken('What members must be told', '对会员公开的文本'),
  published: spoken('Of the version in force.', '以生效版本为准。'),
  drafted: spoken('Of the draft as it was saved last.', '以最近保存的草稿为准。'),
  unsaved: spoken('Save the rule to see its public text.', '保存规则后可查看公开文本。'),
}

/** How a rule is to be used, what to adapt in it, and what members must be told of it before they spend. */
export function GuideTab({ rule, known }: { rule: JsonObject; known: boolean }) {
  const { language, focus, catalogue } = useEditing()
  const guide = isObject(rule['guide']) ? rule['guide'] : null
  const parameters = (Array.isArray(guide?.['parameters']) ? guide['parameters'] : []).filter(isObject)
  const said = (value: Json | undefined): string => wording(value, language)
  return (
    <div className="re-preview">
      {guide === null && <p className="re-hint">{WORDS.untold[language]}</p>}
      {guide !== null && (
        <section>
          <p>{said(guide['description'])}</p>
          <h3>{WORDS.use[language]}</h3>
          <p>{said(guide['when_to_use'])}</p>
          {parameters.length > 0 && <h3>{WORDS.adapt[language]}</h3>}
          <ul>
            {parameters.map((one) => {
              const at = String(one['at'])
              return (
                <li key={at}>
                  <button type="button" className="re-button re-soft" onClick={() => focus(at)}>{said(one['label'])}</button>
                  {' '}<span className="re-now">{shown(get(rule, steps(at)), catalogue, language)}</span>
                </li>)
            })}
          </ul>
        </section>)}
      {known ? <PublicSection name={String(rule['key'] ?? '')} /> : <p className="re-hint">{WORDS.unsaved[language]}</p>}
    </div>
  )
}

function PublicSection({ name }: { name: string }) {
  const { language } = useEditing()
  const { data } = useLoading(name, () => call<PublicText>(`/rules/${encodeURIComponent(name)}/public-text`))
  const first = LANGUAGE_NAMES.toSorted(([one], [other]) => Number(other === language) - Number(one === language))
  return (
    <section>
      <h3>{WORDS.publicText[language]}</h3>
      {data !== null && <p className="re-hint">{WORDS[data.version === null ? 'drafted' : 'published'][language]}</p>}
      {data !== null && first.map(([code, title]) => (
        <section key={code} lang={code} data-public={code}>
          <h3>{title}</h3>
          {(data.text[code] ?? []).map((line, at) => <p key={at}>{line}</p>)}
        </section>))}
    </section>
  )
}

function wording(value: Json | undefined, language: string): string {
  if (!isObject(value)) return ''
  const said = value as Said
  return saidIn(said as Record<string, string>, language) ?? said['en'] ?? ''
}

const UNITS: Readonly<Record<string, { en: string; 'zh-Hans': string }>> = {
  minutes: { en: 'minutes', 'zh-Hans': '分钟' }, hours: { en: 'hours', 'zh-Hans': '小时' }, days: { en: 'days', 'zh-Hans': '天' },
  months: { en: 'months', 'zh-Hans': '个月' }, years: { en: 'years', 'zh-Hans': '年' },
}

/** What stands at a place of the rule now, as people say it: names for keys, words for lengths of time. */
export function shown(value: Json | undefined, catalogue: RuleCatalogue, language: Language): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'string') return nameOf(value, catalogue, language) || value
  if (typeof value === 'number') return new Intl.NumberFormat(localeOf(language)).format(value)
  if (Array.isArray(value)) return value.map((one) => shown(one, catalogue, language)).join(language === 'en' ? ', ' : '、')
  if (!isObject(value)) return String(value)
  const [unit, amount] = Object.entries(value)[0] ?? []
  const said = Object.keys(value).length === 1 && typeof amount === 'number' ? UNITS[unit ?? ''] : undefined
  if (said === undefined) return JSON.stringify(value)
  return `${String(amount)} ${language === 'en' && amount === 1 ? said.en.slice(0, -1) : inLanguage(said, language)}`
}

function nameOf(key: string, catalogue: RuleCatalogue, language: Language): string {
  const { events, facts, ladders = [], tags, coupons, templates, endpoints, segments = [], units = [], memberships = [], budgets = [], wheels = [], queues = [] } = catalogue
  const named = [templates, coupons, tags, segments, endpoints, units, memberships, budgets, wheels, queues, ladders, ...ladders.map((one) => one.tiers)].flat()
  const label = named.find((one) => one.key === key)?.name ?? events.find((one) => one.name === key)?.label ?? facts.find((one) => one.path === key)?.label
  return labelOf(label, language)
}
