import './life.css'
import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { Time } from '../../components/Time'
import { api } from '../../core/api'
import { sentence } from '../../core/sentence'
import type { RuleDetail, RuleVersion } from '../../core/types'
import { useEditing } from '../context'
import { useSay } from '../messages'
import { ChangesTab } from '../panel/ChangesTab'
import { PublishDialog } from '../PublishDialog'
import { listed, type ListedVersion } from './versions'
import { useWords } from './words'

interface VersionsProps {
  detail: RuleDetail
  onClose: () => void
  onBack: (detail: RuleDetail, said: string) => void
}

/** Every version, what it changed, and the way back to it. */
export function VersionsDialog({ detail, onClose, onBack }: VersionsProps) {
  const words = useWords()
  const say = useSay()
  const may = useMay()
  const [chosen, setChosen] = useState<RuleVersion | null>(null)
  const { data, error, reload } = useLoading(`versions ${detail.key} ${detail.version}`, () => api.versions(detail.key))
  if (chosen !== null) {
    return (
      <PublishDialog rule={chosen.document} detail={detail} version={chosen.version} onClose={() => setChosen(null)}
        onPublished={(made) => onBack(made, say('published'))} />)
  }
  // Where approval is needed, only what was approved is gone back to, and only by who approves.
  const mayGo = ({ version, older }: ListedVersion): boolean =>
    older && may.publish && (!detail.approval_needed || (may.approve && version.approved_by !== null))
  return (
    <Dialog wide title={words.versionsTitle} onClose={onClose} actions={<Button onClick={onClose}>{say('close')}</Button>}>
      <div className="re-publish">
        <p className="re-hint">{words.versionsText}{detail.approval_needed && ` ${words.needsApprover}`}</p>
        {error !== null && <ErrorNote error={error} onRetry={reload} />}
        {data === null && error === null && <p>{say('loading')}</p>}
        {data !== null && (
          <ol className="re-versions">
            {listed(data.items).map((one, at) => <Version key={one.version.version} one={one} newest={at === 0} onBack={mayGo(one) ? () => setChosen(one.version) : null} />)}
          </ol>)}
      </div>
    </Dialog>
  )
}

function Version({ one: { version, before, as }, newest, onBack }: { one: ListedVersion; newest: boolean; onBack: (() => void) | null }) {
  const words = useWords()
  const { root, catalogue, language } = useEditing()
  const name = words.version(version.version)
  return (
    <li aria-label={name}>
      <p className="re-version-head">
        <b>{name}</b>
        {newest && <Chip tone="green">{words.inForce}</Chip>}
        <Time at={version.published_at} />
        <span>{words.publishedBy(version.published_by)}</span>
        {version.approved_by !== null && <span>{words.approvedBy(version.approved_by)}</span>}
        {as !== null && <span>{words.asVersion(as)}</span>}
      </p>
      <details>
        <summary>{before === null ? words.first : words.changed(before.version)}</summary>
        {before === null
          ? <p>{sentence(version.document, root, catalogue, language)}</p>
          : <ChangesTab rule={version.document} published={before.document} against={before.version} />}
        <p className="re-hint">{words.digest} <code className="digest">{version.digest}</code></p>
      </details>
      {onBack !== null && <Button small aria-label={`${words.goBack}: ${name}`} onClick={onBack}>{words.goBack}</Button>}
    </li>
  )
}
