import { lazy, Suspense, useState } from 'react'
import { asError } from '../../app/loading'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { api } from '../../core/api'
import type { RuleDetail } from '../../core/types'
import { useWords } from './words'

const VersionsDialog = lazy(async () => ({ default: (await import('./VersionsDialog')).VersionsDialog }))

interface LifeProps {
  detail: RuleDetail
  /** What was done to the rule that is in force; the draft stays. */
  onChanged: (detail: RuleDetail, said: string) => void
}

/** What can be done with a rule that was published: hold it, let it go on, go back to what it said before. */
export default function Life({ detail, onChanged }: LifeProps) {
  const words = useWords()
  const may = useMay()
  const [busy, setBusy] = useState(false)
  const [open, setOpen] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const held = detail.status === 'paused'
  const turn = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      onChanged(held ? await api.resume(detail.key) : await api.pause(detail.key), held ? words.resumed : words.paused)
    } catch (problem) {
      setError(asError(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <span className="re-undo">
      {may.publish && (held || detail.status === 'live') && <Button kind="quiet" disabled={busy} onClick={() => void turn()}>{held ? words.resume : words.pause}</Button>}
      <Button kind="quiet" onClick={() => setOpen(true)}>{words.versions}</Button>
      {error !== null && <ErrorNote error={error} />}
      {open && (
        <Suspense>
          <VersionsDialog detail={detail} onClose={() => setOpen(false)} onBack={(made, said) => {
            setOpen(false)
            onChanged(made, said)
          }} />
        </Suspense>)}
    </span>
  )
}
