import { useState } from 'react'
import { field, labelOf } from '../core/schema'
import { idOf, useEditing } from './context'
import { Problems } from './form/Problems'
import { useProblem } from './inputs/problem'
import { useSay } from './messages'

/** The key of a rule that was never saved. Once emptied, it is made of the rule again. */
export function NewKey({ value }: { value: string }) {
  const { root, language, edit } = useEditing()
  const say = useSay()
  const problem = useProblem('/key')
  const [emptied, setEmptied] = useState(false)
  const shown = emptied ? '' : value
  return (
    <>
      <label className="re-key" title={say('keyHint')}>
        {labelOf(field(root, 'key')['x-title'], language)}
        <input id={idOf('/key')} className="re-input" type="text" size={Math.max(10, shown.length + 1)} autoComplete="off" spellCheck={false}
          value={shown} {...problem} onBlur={() => setEmptied(false)}
          onChange={(event) => {
            setEmptied(event.target.value === '')
            edit('/key', event.target.value)
          }} />
      </label>
      <Problems pointer="/key" />
    </>
  )
}
