import { Time } from '../../components/Time'
import type { Review } from '../../core/types'
import { useWords } from './words'

/** One step of an approval: who did what, when, and what they said. */
export function Step({ one }: { one: Review }) {
  const words = useWords()
  return (
    <>
      <b>{words.steps[one.step](one.by)}</b> <span className="small quiet"><Time at={one.at} /></span>
      {one.comment !== '' && <q className="re-comment">{one.comment}</q>}
    </>
  )
}

/** Where the approval of a draft stands, above the rule: its newest step, and those before on demand. */
export function Said({ reviews }: { reviews: readonly Review[] }) {
  const words = useWords()
  const [newest, ...before] = reviews
  if (newest === undefined) return null
  return (
    <section className={`re-said-of re-said-${newest.step}`} aria-label={words.said}>
      <p><Step one={newest} /></p>
      {before.length > 0 && (
        <details>
          <summary>{words.said}</summary>
          <ul>{before.map((one) => <li key={`${one.at}${one.step}`}><Step one={one} /></li>)}</ul>
        </details>)}
    </section>
  )
}
