import { useState } from 'react'
import { asError } from '../../app/loading'
import { forgetNames } from '../../app/names'
import { Link, navigate } from '../../app/router'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { useLanguage } from '../../core/language'
import { library, type LibraryDetail } from './api'
import { useWords } from './words'

/** What the rule needs, and the button that makes a draft of it and opens that in the editor. */
export function Adopt({ rule }: { rule: LibraryDetail }) {
  const words = useWords()
  const { pick } = useLanguage()
  const may = useMay()
  const [key, setKey] = useState(rule.free_key)
  const [define, setDefine] = useState(true)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const adopt = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const made = await library.adopt(rule.key, key.trim(), define)
      forgetNames()
      navigate(`/rules/${encodeURIComponent(made.key)}?tab=guide`)
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  return (
    <section className="card library-adopt" aria-labelledby="library-adopt">
      <h2 id="library-adopt">{words.adoptTitle}</h2>
      {rule.adopted && <p><Chip tone="green">{words.adopted}</Chip> <Link href={`/rules/${encodeURIComponent(rule.adopted.key)}`}>{words.open}</Link></p>}
      <h3>{words.needs}</h3>
      {rule.needs.length === 0 && <p className="quiet">{words.allThere}</p>}
      {rule.needs.length > 0 && (
        <>
          <p>{words.needsText}</p>
          <ul className="library-list">
            {rule.needs.map((one) => <li key={`${one.kind} ${one.key}`}><span className="quiet">{words.kinds[one.kind] ?? one.kind}</span> <span title={one.key}>{pick(one.name) || one.key}</span></li>)}
          </ul>
        </>
      )}
      {!may.write && <p className="quiet">{words.adoptReader}</p>}
      {may.write && (
        <form onSubmit={(event) => {
          event.preventDefault()
          void adopt()
        }}>
          <div className="field">
            <label htmlFor="library-key">{words.key}</label>
            <input id="library-key" className="input" required maxLength={64} pattern="[a-z0-9][a-z0-9_\-]*" autoComplete="off" spellCheck={false}
              value={key} onChange={(event) => setKey(event.target.value)} />
          </div>
          {rule.needs.length > 0 && (
            <label className="library-check"><input type="checkbox" checked={define} onChange={(event) => setDefine(event.target.checked)} /> {words.withDefinitions}</label>
          )}
          {error && <ErrorNote error={error} />}
          <p className="quiet small">{words.adoptText}</p>
          <Button kind="primary" type="submit" disabled={busy}>{busy ? words.adopting : words.adopt}</Button>
        </form>
      )}
    </section>
  )
}
