import { writtenAs } from '../../core/language'
import { isObject, type Json } from '../../core/schema'
import { idOf, useEditing } from '../context'
import { useSay } from '../messages'
import { useProblem } from './problem'
import { TextInput, textOf } from './TextInput'

const CALLED = { en: 'EN', 'zh-Hans': '中' } as const

/** A text for people, in one language or in each: first that of whoever edits, then the other one beside it. */
export function WordingInput({ pointer, value, title }: { pointer: string; value: Json | undefined; title: string }) {
  const { language, edit } = useEditing()
  const say = useSay()
  const problem = useProblem(pointer)
  if (!isObject(value)) {
    return (
      <span className="re-pair">
        <TextInput pointer={pointer} value={value} title={title} placeholder={title} size={24} />
        <button type="button" className="re-more" onClick={() => edit(pointer, { en: textOf(value), 'zh-Hans': textOf(value) })}>{say('byLanguage')}</button>
      </span>
    )
  }
  const own = writtenAs(language)
  const other = own === 'en' ? 'zh-Hans' : 'en'
  return (
    <span className="re-pair">
      {[own, other].map((one) => {
        const { [one]: _, ...rest } = value
        return (
          <input key={one} id={one === own ? idOf(pointer) : undefined} className="re-input" type="text" lang={one} size={20} autoComplete="off"
            aria-label={`${title} (${CALLED[one as keyof typeof CALLED]})`} placeholder={CALLED[one as keyof typeof CALLED]} value={textOf(value[one])} {...problem}
            onChange={(event) => edit(pointer, event.target.value === '' ? (Object.keys(rest).length === 0 ? '' : rest) : { ...value, [one]: event.target.value })} />
        )
      })}
    </span>
  )
}
