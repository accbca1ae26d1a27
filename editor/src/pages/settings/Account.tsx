import { useState } from 'react'
import { useSession } from '../../app/session'
import { LANGUAGE_NAMES } from '../../components/LanguageSwitch'
import { useLanguage, type Language } from '../../core/language'
import { setTheme, useTheme, type Theme } from '../../core/theme'
import { useMessages } from '../../messages'
import { ChoiceField } from '../definitions/fields'
import { Pairs } from './Pairs'
import { Password } from './Password'
import { useWords } from './words'

/** What somebody decides for themselves. */
export function Account() {
  const { account: words } = useWords()
  const messages = useMessages()
  const session = useSession()
  const { language, setLanguage } = useLanguage()
  const theme = useTheme()
  const [changed, setChanged] = useState(false)
  return (
    <section className="card st-wide">
      <h2>{words.title}</h2>
      <Pairs of={[[words.name, <b key="name">{session.name}</b>], [words.role, messages.roles[session.role]]]} />
      <div className="form-grid">
        <ChoiceField<Language> label={words.language} value={language} choices={Object.fromEntries(LANGUAGE_NAMES)} onChange={(one) => void setLanguage(one)} />
        <ChoiceField<Theme> label={words.theme} value={theme} choices={words.themes} onChange={setTheme} />
      </div>
      <h3>{words.password}</h3>
      <div role="status">{changed && <p className="note note-done">{words.changed}</p>}</div>
      <Password name={session.name} onChanged={() => setChanged(true)} />
    </section>
  )
}
