import { Button } from '../../../components/Button'
import { blankField, isObject, withoutNull, type Json, type Schema } from '../../../core/schema'
import { idOf, useEditing } from '../../../rule-editor/context'
import { Problems } from '../../../rule-editor/form/Problems'
import { Icon } from '../../../rule-editor/Icon'
import { useSay } from '../../../rule-editor/messages'
import { useWords } from '../words'
import { Fields, Names } from './Fields'

const TOOLS = [['up', 'moveUp', 'up'], ['down', 'moveDown', 'down'], ['remove', 'remove', 'close']] as const

/** A list of parts, such as the levels of a ladder: added, put in order, taken away. */
export function Rows({ pointer, value, schema, title }: { pointer: string; value: Json | undefined; schema: Schema; title: string }) {
  const { root, append, act } = useEditing()
  const say = useSay()
  const { form } = useWords()
  const item = withoutNull(schema.items ?? {}, root)
  const rows = Array.isArray(value) ? value : []
  return (
    <fieldset className="form-wide df-section" id={idOf(pointer)}>
      <legend className="field-label">{title}</legend>
      {rows.map((row, at) => {
        const place = `${pointer}/${at}`
        const label = form.row(title, at + 1)
        return (
          <div key={at} className="df-row" role="group" aria-label={label} data-row={place}>
            <div className="df-grid">
              {item['x-widget'] === 'names'
                ? <Names pointer={place} value={row} title={title} />
                : isObject(row) && <Fields pointer={place} part={row} schema={item} />}
            </div>
            <div className="df-tools">
              {TOOLS.map(([what, message, icon]) => (
                <button key={what} type="button" className="re-tool" title={say(message)} aria-label={`${say(message)}: ${label}`}
                  disabled={(what === 'up' && at === 0) || (what === 'down' && at === rows.length - 1)} onClick={() => act(place, what)}>
                  <Icon name={icon} size={15} />
                </button>))}
            </div>
          </div>
        )
      })}
      <Problems pointer={pointer} exact />
      <div><Button small onClick={() => append(pointer, blankField(item, root))}>{form.add(title)}</Button></div>
    </fieldset>
  )
}
