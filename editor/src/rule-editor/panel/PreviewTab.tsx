import type { JsonObject } from '../../core/schema'
import { sentence } from '../../core/sentence'
import { useEditing } from '../context'
import { useSay } from '../messages'

/** The rule in one sentence, in both languages at once. */
export function PreviewTab({ rule }: { rule: JsonObject }) {
  const { root, catalogue } = useEditing()
  const say = useSay()
  return (
    <div className="re-preview">
      <h3>{say('inWords')}</h3>
      <p className="re-said" lang="en" data-sentence="en">{sentence(rule, root, catalogue, 'en')}</p>
      <h3 lang="zh-Hans">{say('chinese')}</h3>
      <p className="re-said" lang="zh-Hans" data-sentence="zh-Hans">{sentence(rule, root, catalogue, 'zh-Hans')}</p>
    </div>
  )
}
