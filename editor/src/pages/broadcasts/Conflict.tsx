import { Button } from '../../components/Button'
import { Time } from '../../components/Time'
import { useLanguage } from '../../core/language'
import type { Broadcast } from './api'
import { useWords } from './words'

/** Says that somebody else saved the draft in between, what stands in it, and asks whose is to stand. Nothing is lost until then. */
export function Conflict({ theirs, onTheirs, onMine }: { theirs: Broadcast; onTheirs: () => void; onMine: () => void }) {
  const words = useWords()
  const { pick } = useLanguage()
  const { conflict } = words
  const channel = (words.channels as Record<string, string>)[theirs.channel ?? ''] ?? theirs.channel
  const said = [pick(theirs.name), theirs.template, channel, theirs.audience === null ? words.everybody : theirs.audience_text && pick(theirs.audience_text)]
  return (
    <div className="note note-error" role="alert">
      <p><b>{theirs.state === 'draft' ? conflict.saved(theirs.created_by) : conflict.planned}</b> <Time at={theirs.created_at} /></p>
      <p className="small">{said.filter(Boolean).join(' · ')}</p>
      <p>{conflict.text}</p>
      {theirs.state === 'draft' && (
        <p className="row">
          <Button small onClick={onTheirs}>{conflict.theirs}</Button>
          <Button small onClick={onMine}>{conflict.mine}</Button>
        </p>)}
    </div>
  )
}
