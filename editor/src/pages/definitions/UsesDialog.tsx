import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { StatusChip } from '../../components/Chip'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { api, type DefinitionKind } from '../../core/api'
import { useLanguage } from '../../core/language'
import { useMessages } from '../../messages'
import { useWords } from './words'

/** Which rules and other definitions name one, before it is changed. */
export function UsesDialog({ kind, of, onClose }: { kind: DefinitionKind; of: string; onClose: () => void }) {
  const messages = useMessages()
  const words = useWords()
  const { pick } = useLanguage()
  const { data, error, reload } = useLoading(`${kind} ${of}`, () => api.definitionUses(kind, of))
  return (
    <Dialog title={words.usesTitle(of)} onClose={onClose} actions={<Button onClick={onClose}>{messages.close}</Button>}>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data && data.rules.length + data.definitions.length === 0 && <p className="quiet">{words.noUses}</p>}
      {data && data.rules.length > 0 && (
        <section>
          <h3>{words.usesRules}</h3>
          <ul className="df-uses">{data.rules.map((one) => (
            <li key={one.key} className="row"><Link href={`/rules/${encodeURIComponent(one.key)}`}>{pick(one.name) || one.key}</Link><StatusChip status={one.status} startsAt={null} /></li>
          ))}</ul>
        </section>
      )}
      {data && data.definitions.length > 0 && (
        <section>
          <h3>{words.usesDefinitions}</h3>
          <ul className="df-uses">{data.definitions.map((one) => (
            <li key={`${one.kind} ${one.key}`} className="row"><Link href={`/definitions?kind=${one.kind}`}>{pick(one.name) || one.key}</Link><span className="small quiet">{words.kinds[one.kind]}</span></li>
          ))}</ul>
        </section>
      )}
    </Dialog>
  )
}
