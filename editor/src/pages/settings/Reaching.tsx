import { useLoading } from '../../app/loading'
import { useMay } from '../../app/session'
import { ButtonLink } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { api } from '../../core/api'
import { useLanguage, type Text } from '../../core/language'
import type { Definition, JsonObject } from '../../core/types'
import { About } from '../definitions/About'
import type { Settings, WayOut } from './api'
import { Pairs } from './Pairs'
import { useWords } from './words'

/** How members are reached: how often and when, by which ways out, and which systems are told. */
export function Reaching({ settings }: { settings: Settings }) {
  const { contact: words, endpoints } = useWords()
  const may = useMay()
  const { pick } = useLanguage()
  const { data } = useLoading('reaching', () => Promise.all([api.definitions('contact'), api.definitions('channels'), api.definitions('endpoints')]))
  const [policies, channels, hooks] = data ?? []
  const nameOf = (one: Definition) => pick((one as JsonObject).name as Text)
  const consentOf = (way: WayOut): string => {
    const said = channels?.items.find((one) => (one as JsonObject).key === way.channel) as JsonObject | undefined
    return words.consent[String(said?.consent ?? 'opt_out')] ?? ''
  }
  return (
    <>
      <section className="card st-wide">
        <h2>{words.title}</h2>
        <p className="small quiet">{words.lead}</p>
        <h3>{words.policies}</h3>
        {policies?.items.length === 0 && <p className="quiet">{words.noPolicies}</p>}
        {policies && policies.items.length > 0 && <Pairs of={policies.items.map((one) => [nameOf(one), <Policy key="about" of={one as JsonObject} />] as const)} />}
        <h3>{words.channels}</h3>
        <Pairs of={settings.ways_out.map((way) => [pick(way.name), (
          <span key="way" className="row">
            <Chip tone={way.by === 'console' ? 'amber' : 'green'}>{way.by === 'endpoint' ? words.endpoint(way.endpoint ?? '') : words.sentBy[way.by]}</Chip>
            <span className="small quiet">{consentOf(way)}</span>
          </span>
        )] as const)} />
        <Pairs of={[[words.unsubscribe, <code key="links">{settings.links}</code>]]} />
        {may.write && (
          <div className="st-actions">
            <ButtonLink small href="/definitions?kind=contact">{words.change}</ButtonLink>
            <ButtonLink small href="/definitions?kind=channels">{words.changeChannels}</ButtonLink>
          </div>
        )}
      </section>
      <section className="card">
        <h2>{endpoints.title}</h2>
        {hooks?.items.length === 0 && <p className="quiet">{endpoints.none}</p>}
        {hooks && hooks.items.length > 0 && <Pairs of={hooks.items.map((one) => [nameOf(one), <About key="about" kind="endpoints" definition={one} />] as const)} />}
        {may.write && <div className="st-actions"><ButtonLink small href="/definitions?kind=endpoints">{endpoints.change}</ButtonLink></div>}
      </section>
    </>
  )
}

function Policy({ of }: { of: JsonObject }) {
  const { contact: words } = useWords()
  const quiet = of.quiet as JsonObject | undefined
  return (
    <>
      <About kind="contact" definition={of as unknown as Definition} />
      {quiet && <span> · {words.quiet(String(quiet.from), String(quiet.until))}</span>}
    </>
  )
}
