import { blank, branchOf, isObject, kindsOf, labelOf, type Json, type JsonObject, type Kind, type Schema } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { Sentence } from './Sentence'
import { startingWith } from './starting'

/** What starts the rule: one kind of all there are, and its sentence. */
export function Trigger({ pointer, value, schema }: { pointer: string; value: Json; schema: Schema }) {
  const { root, catalogue, language, edit, focus } = useEditing()
  const say = useSay()
  const part: JsonObject = isObject(value) ? value : {}
  const choose = (kind: Kind): void => {
    // What both kinds have, such as the event, is kept.
    const shared = Object.entries(part).filter(([name]) => name !== 'type' && kind.schema.properties?.[name] !== undefined)
    edit(pointer, { ...blank(kind.schema, root), ...startingWith(kind.schema, root, catalogue), ...Object.fromEntries(shared) })
  }
  const kinds = kindsOf(schema, root)
  return (
    <>
      <div className="re-segments" role="radiogroup" aria-label={say(pointer === '/when' ? 'trigger' : 'exit')}>
        {kinds.map((kind) => (
          <label key={kind.name} className="re-segment">
            <input type="radio" name={pointer} value={kind.name} checked={part['type'] === kind.name} onChange={() => choose(kind)}
              onClick={(event) => {
                // Who points goes on to what is to be filled in; who uses the arrow keys goes on choosing.
                if (event.detail > 0) requestAnimationFrame(() => focus(pointer))
              }} />
            <Icon name={kind.schema['x-icon'] ?? 'bolt'} size={16} />
            {labelOf(kind.schema['x-title'], language)}
          </label>))}
      </div>
      <Sentence pointer={pointer} part={part} schema={branchOf(schema, part, root)} />
    </>
  )
}
