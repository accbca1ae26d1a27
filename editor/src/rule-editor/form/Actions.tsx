import { memo } from 'react'
import { branchOf, isObject, kindsOf, type Json, type JsonObject, type Schema } from '../../core/schema'
import { useEditing, type RowAct } from '../context'
import { useSay } from '../messages'
import { AddMenu } from './AddMenu'
import { Problems } from './Problems'
import { Row } from './Row'
import { Sentence } from './Sentence'
import { startingWith } from './starting'

const TOOLS: readonly RowAct[] = ['up', 'down', 'duplicate', 'copy', 'paste', 'remove']

/** What happens, in order. */
export function Actions({ pointer, value, schema }: { pointer: string; value: Json; schema: Schema }) {
  const { root, catalogue, append } = useEditing()
  const say = useSay()
  const item = schema.items ?? {}
  const actions = Array.isArray(value) ? value : []
  return (
    <>
      {actions.length === 0 && <p className="re-nothing">{say('noActions')}</p>}
      <div className="re-parts re-actions">
        {actions.map((one, at) => isObject(one) && <Action key={at} pointer={`${pointer}/${at}`} value={one} item={item} number={at + 1} />)}
      </div>
      <Problems pointer={pointer} exact />
      <div className="re-adding">
        <AddMenu label={say('addAction')} kinds={kindsOf(item, root)}
          onAdd={(kind) => append(pointer, startingWith(kind.schema, root, catalogue))} />
      </div>
    </>
  )
}

const Action = memo(function Action({ pointer, value, item, number }: { pointer: string; value: JsonObject; item: Schema; number: number }) {
  const { root } = useEditing()
  const say = useSay()
  const branch = branchOf(item, value, root)
  return (
    <Row pointer={pointer} label={say('action', { number })} icon={branch['x-icon'] ?? 'play'} tone="then" tools={TOOLS}>
      <Sentence pointer={pointer} part={value} schema={branch} />
    </Row>
  )
})
