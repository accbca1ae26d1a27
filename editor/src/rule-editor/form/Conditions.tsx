import { memo } from 'react'
import { branchOf, field, isGroup, isObject, kindsOf, labelOf, type Json, type JsonObject, type Schema } from '../../core/schema'
import { useEditing, type RowAct } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { AddMenu } from './AddMenu'
import { Problems } from './Problems'
import { Row } from './Row'
import { Sentence } from './Sentence'
import { startingWith } from './starting'

interface ConditionsProps {
  pointer: string
  value: Json
  schema: Schema
  /** What a new comparison reads at first: the event or the member. */
  prefix: string
}

/** The conditions of a field: nothing, a single one, or a tree of groups. */
export function Conditions({ pointer, value, schema, prefix }: ConditionsProps) {
  const { root } = useEditing()
  const say = useSay()
  const group = isObject(value) && isGroup(branchOf(schema, value, root))
  if (isObject(value) && group) return <Group pointer={pointer} value={value} schema={schema} prefix={prefix} outermost />
  return (
    <>
      {isObject(value)
        ? <Node pointer={pointer} value={value} schema={schema} number={1} prefix={prefix} lone />
        : <p className="re-nothing">{say('everyone')}</p>}
      <Adding pointer={pointer} schema={schema} prefix={prefix} loud />
    </>
  )
}

const IN_LIST: readonly RowAct[] = ['up', 'down', 'duplicate', 'copy', 'paste', 'remove']
const IN_GROUP: readonly RowAct[] = ['up', 'down', 'out', 'duplicate', 'copy', 'paste', 'remove']

interface NodeProps {
  pointer: string
  value: JsonObject
  schema: Schema
  number: number
  prefix: string
  lone?: boolean
  nested?: boolean
}

/** Kept as it is while another row changes: long trees stay quick to type in. */
const Node = memo(function Node({ pointer, value, schema, number, prefix, lone = false, nested = false }: NodeProps) {
  const { root } = useEditing()
  const say = useSay()
  const branch = branchOf(schema, value, root)
  const tools = lone ? (['copy', 'paste', 'remove'] as const) : nested ? IN_GROUP : IN_LIST
  if (isGroup(branch)) {
    return (
      <Row pointer={pointer} label={`${say('group')} ${number}`} tone="if" tools={[...tools, 'ungroup']} group>
        <Group pointer={pointer} value={value} schema={schema} prefix={prefix} />
      </Row>
    )
  }
  return (
    <Row pointer={pointer} label={say('condition', { number })} icon={branch['x-icon'] ?? 'filter'} tone="if" tools={tools}>
      <Sentence pointer={pointer} part={value} schema={branch} />
    </Row>
  )
})

function Group({ pointer, value, schema, prefix, outermost = false }: Omit<NodeProps, 'number'> & { outermost?: boolean }) {
  const { root, language, edit } = useEditing()
  const say = useSay()
  const branch = branchOf(schema, value, root)
  const item = field(branch, 'of').items ?? {}
  const parts = Array.isArray(value['of']) ? value['of'] : []
  const kinds = kindsOf(schema, root).filter((one) => isGroup(one.schema))
  const all = value['type'] === 'all'
  return (
    <>
      <div className="re-group-head">
        <span className="re-words">{say('matches')}</span>
        <select className="re-input" aria-label={say('groupKind')} value={String(value['type'])}
          onChange={(event) => edit(`${pointer}/type`, event.target.value)}>
          {kinds.map((one) => <option key={one.name} value={one.name}>{labelOf(one.schema['x-title'], language)}</option>)}
        </select>
      </div>
      <Problems pointer={pointer} exact />
      <div className="re-parts">
        {parts.length === 0 && <p className="re-nothing">{say('emptyGroup')}</p>}
        {parts.map((one, at) => (
          <div key={at}>
            {at > 0 && <span className={all ? 're-joint re-and' : 're-joint re-or'}>{say(all ? 'and' : 'or')}</span>}
            {isObject(one) && <Node pointer={`${pointer}/of/${at}`} value={one} schema={item} number={at + 1} prefix={prefix} nested={!outermost} />}
          </div>))}
      </div>
      <Adding pointer={pointer} schema={schema} prefix={prefix} loud={outermost} />
    </>
  )
}

function Adding({ pointer, schema, prefix, loud }: { pointer: string; schema: Schema; prefix: string; loud: boolean }) {
  const { root, catalogue, addCondition } = useEditing()
  const say = useSay()
  const kinds = kindsOf(schema, root)
  const single = kinds.filter((one) => !isGroup(one.schema))
  // A new group offers the other way of joining: `any` within the usual `all`.
  const group = kinds.filter((one) => isGroup(one.schema))[1]
  const first = single[0]
  return (
    <div className="re-adding">
      <AddMenu label={say('addCondition')} kinds={single} quiet={!loud}
        onAdd={(kind) => addCondition(pointer, startingWith(kind.schema, root, catalogue, prefix))} />
      {group !== undefined && first !== undefined && (
        <button type="button" className="re-button re-quiet"
          onClick={() => addCondition(pointer, { type: group.name, of: [startingWith(first.schema, root, catalogue, prefix)] })}>
          <Icon name="group" size={15} />{say('addGroup')}
        </button>)}
    </div>
  )
}
