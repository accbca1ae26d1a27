import { memo, useEffect, useState } from 'react'
import { LANGUAGE_NAMES } from '../../components/LanguageSwitch'
import type { JsonObject } from '../../core/schema'
import { sentence } from '../../core/sentence'
import { loadTraditional } from '../../core/traditional'
import { useEditing } from '../context'
import { useSay } from '../messages'

/** The rule in one sentence, in every language at once; that of the studio comes first. */
export const PreviewTab = memo(function PreviewTab({ rule }: { rule: JsonObject }) {
  const { root, catalogue, language } = useEditing()
  const say = useSay()
  const [ready, setReady] = useState(language === 'zh-Hant')
  useEffect(() => {
    void loadTraditional().then(() => setReady(true))
  }, [])
  const names = LANGUAGE_NAMES.filter(([code]) => ready || code !== 'zh-Hant').toSorted(([one], [other]) => Number(other === language) - Number(one === language))
  return (
    <div className="re-preview">
      {names.map(([code, name], at) => (
        <section key={code}>
          {at === 0 ? <h3>{say('inWords')}</h3> : <h3 lang={code}>{name}</h3>}
          <p className="re-said" lang={code} data-sentence={code}>{sentence(rule, root, catalogue, code)}</p>
        </section>))}
    </div>
  )
})
