import { ButtonLink } from '../../components/Button'
import { useMay } from '../../app/session'
import { useWords } from './words'

const EVENT = '{"userId": "ann", "event": "Order Completed",\n  "properties": {"order_id": "1", "total": 120, "currency": "CNY"}}'

/** What to do so that there is something to tell. */
export function Fresh() {
  const words = useWords()
  const may = useMay()
  const command = `curl -u YOUR_KEY: ${location.origin}/v1/track \\\n  -H 'Content-Type: application/json' \\\n  -d '${EVENT}'`
  return (
    <section className="card" aria-labelledby="hm-fresh">
      <h2 id="hm-fresh">{words.fresh}</h2>
      <p>{words.freshText}</p>
      <ol className="hm-steps">
        <li>
          <p>{words.steps.key}</p>
          <pre className="hm-code" tabIndex={0} aria-label="curl"><code>{command}</code></pre>
        </li>
        <li>
          <p>{words.steps.rule}</p>
          <p className="row">
            <ButtonLink small kind="primary" href="/library">{words.steps.ruleLibrary}</ButtonLink>
            {may.write && <ButtonLink small href="/rules/new">{words.steps.ruleOwn}</ButtonLink>}
          </p>
        </li>
        <li><p>{words.steps.publish}</p></li>
      </ol>
    </section>
  )
}
