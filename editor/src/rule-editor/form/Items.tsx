import { blankField, isObject, withoutNull, type Json, type Schema } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { Sentence } from './Sentence'

/** Several parts inside a sentence, such as the rates of an award. */
export function Items({ pointer, value, schema, title }: { pointer: string; value: Json | undefined; schema: Schema; title: string }) {
  const { root, append, act } = useEditing()
  const say = useSay()
  const item = withoutNull(schema.items ?? {}, root)
  const items = Array.isArray(value) ? value : []
  return (
    <span className="re-items" role="group" aria-label={title}>
      {items.map((one, at) => isObject(one) && (
        <span key={at} className="re-item" data-row={`${pointer}/${at}`} role="group" aria-label={`${title} ${at + 1}`}>
          <Sentence pointer={`${pointer}/${at}`} part={one} schema={item} inner />
          {items.length > (schema.minItems ?? 0) && (
            <button type="button" className="re-tool re-clear" title={say('remove')} aria-label={`${say('remove')}: ${title} ${at + 1}`}
              onClick={() => act(`${pointer}/${at}`, 'remove')}><Icon name="close" size={13} /></button>)}
        </span>))}
      <button type="button" className="re-more" aria-label={say('add', { title })} onClick={() => append(pointer, blankField(item, root))}>
        <Icon name="plus" size={13} />{title}
      </button>
    </span>
  )
}
