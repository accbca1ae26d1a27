import { Fragment, type ReactNode } from 'react'
import { blankField, field, isOptional, kindsOf, labelOf, withoutNull, type Json, type JsonObject, type Schema } from '../../core/schema'
import { piecesOf, type Piece } from '../../core/template'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { useSay } from '../messages'
import { operandOf } from '../inputs/ValueInput'
import { Actions } from './Actions'
import { startingWith } from './starting'
import { Conditions } from './Conditions'
import { FieldInput } from './FieldInput'
import { Problems } from './Problems'

interface SentenceProps {
  pointer: string
  part: JsonObject
  schema: Schema
  /** Part of another sentence, which shows the problems. */
  inner?: boolean
}

/**
 * One part of a rule as a sentence to fill in. The template says what stands where, so that a new kind of
 * condition or action needs nothing here.
 */
export function Sentence({ pointer, part, schema, inner = false }: SentenceProps) {
  const { root, catalogue, language, edit, focus } = useEditing()
  const say = useSay()
  const pieces = piecesOf(part, schema, language)
  const by = schema['x-sentence-by']
  const missing: string[][] = []
  const blocks: string[] = []
  const checks: string[] = []

  // What a bracket says together comes and goes together.
  const together = (names: readonly string[]): string[] => names.filter((one) => isOptional(field(schema, one)))
  const put = (names: readonly string[], made: (name: string) => Json | undefined): void => {
    for (const name of names) edit(`${pointer}/${name}`, made(name))
  }
  const title = (name: string): string => labelOf(field(schema, name)['x-title'], language) || name
  const input = (name: string): ReactNode => <FieldInput pointer={pointer} part={part} schema={schema} name={name} />

  const shown = (piece: Piece, key: number, within = false): ReactNode => {
    if (piece.kind === 'text') return <Fragment key={key}>{text(piece.text, within)}</Fragment>
    if (piece.kind === 'field') {
      if (isBlock(withoutNull(field(schema, piece.name), root), root)) {
        blocks.push(piece.name)
        return null
      }
      return <Fragment key={piece.name}>{input(piece.name)}</Fragment>
    }
    const name = piece.names.find((one) => isOptional(field(schema, one))) ?? piece.names[0]
    if (name === undefined) return null
    const own = withoutNull(field(schema, name), root)
    if (own.type === 'boolean') {
      checks.push(name)
      return null
    }
    if (own['x-widget'] === 'value') {
      if (operandOf(part, schema) === 'none') return null
      return <Fragment key={name}>{piece.pieces.map((one, at) => shown(one, at, true))}</Fragment>
    }
    if (part[name] === undefined || part[name] === null) {
      missing.push(together(piece.names))
      return <Fragment key={key}>{(piece.otherwise ?? []).map((one, at) => shown(one, at, within))}</Fragment>
    }
    if (isBlock(own, root)) {
      blocks.push(name)
      return null
    }
    return (
      <span key={name} className="re-optional">
        {piece.pieces.map((one, at) => shown(one, at, true))}
        <ClearButton title={say('clear', { title: title(name) })} onClick={() => put(together(piece.names), () => undefined)} />
      </span>
    )
  }

  const line = pieces.map((piece, key) => shown(piece, key))
  const named = new Set(pieces.flatMap((one) => (one.kind === 'field' ? [one.name] : [])))
  const begun = (name: string): Json => {
    const own = field(schema, name)
    const open = withoutNull(own, root)
    return isCondition(open, root)
      ? startingWith(kindsOf(open, root).find((one) => one.schema['x-joiner'] === undefined)?.schema ?? {}, root, catalogue, prefixOf(name))
      : blankField(own, root)
  }
  const add = (names: readonly string[]): void => {
    const [first] = names
    put(names, begun)
    focus(`${pointer}/${first}`)
  }

  return (
    <>
      <span className="re-sentence">
        {by !== undefined && !named.has(by) && <span className="re-by"><span className="re-words">{title(by)}</span>{input(by)}</span>}
        {line}
        {checks.map((name) => <Fragment key={name}>{input(name)}</Fragment>)}
        {missing.map((names) => {
          const said = title(names[0] ?? '')
          return (
            <button key={names[0]} type="button" className="re-more" aria-label={say('add', { title: said })} onClick={() => add(names)}>
              <Icon name="plus" size={13} />{said}
            </button>
          )
        })}
      </span>
      {!inner && <Problems pointer={pointer} except={blocks.map((name) => `${pointer}/${name}`)} />}
      {blocks.map((name) => (
        <div key={name} className="re-where" role="group" aria-label={title(name)}>
          <div className="re-where-head">
            <span>{title(name)}</span>
            {isOptional(field(schema, name)) && (
              <ClearButton title={say('clear', { title: title(name) })} onClick={() => edit(`${pointer}/${name}`, undefined)} />)}
          </div>
          {isCondition(withoutNull(field(schema, name), root), root)
            ? <Conditions pointer={`${pointer}/${name}`} value={part[name] ?? null} schema={field(schema, name)} prefix={prefixOf(name)} />
            : <Actions pointer={`${pointer}/${name}`} value={part[name] ?? null} schema={withoutNull(field(schema, name), root)} />}
        </div>))}
    </>
  )
}

function ClearButton({ title, onClick }: { title: string; onClick: () => void }) {
  return <button type="button" className="re-tool re-clear" title={title} aria-label={title} onClick={onClick}><Icon name="close" size={13} /></button>
}

/** Words between inputs, without the quotes and brackets that would stand around an input. */
function text(said: string, within: boolean): ReactNode {
  let words = said.replace(/[“”]/g, '').replace(/^\s*[)）]/, '').replace(/[(（]\s*$/, '')
  // A bracket whose other half stands elsewhere would stand alone between inputs.
  if (within || !/[(（].*[)）]/.test(words)) words = words.replace(/[()（）]/g, '')
  words = words.replace(/^[\s;；,，]+|\s+$/g, '')
  return words === '' ? null : <span className="re-words">{words}</span>
}

/** What a condition that stands in a field is begun with: a `where` speaks of the event, others of the member. */
function prefixOf(name: string): string {
  return name === 'where' ? 'event.' : 'member.'
}

/** Whether rows of their own stand in a field: conditions, or actions. */
function isBlock(schema: Schema, root: Schema): boolean {
  return isCondition(schema, root) || (schema.type === 'array' && kindsOf(schema.items ?? {}, root).length > 0)
}

/** Whether conditions stand in a field: then it gets rows of its own below the sentence. */
function isCondition(schema: Schema, root: Schema): boolean {
  return kindsOf(schema, root).some((one) => one.schema['x-joiner'] !== undefined)
}
