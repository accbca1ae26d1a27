/** A sentence template in pieces, so that the editor can put an input where a field's wording would stand. */

import { field, isOptional, labelOf, type JsonObject, type Schema } from './schema'
import { plural, templateOf } from './sentence'

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'optional'; readonly pieces: readonly Piece[]; readonly names: readonly string[]; readonly otherwise?: readonly Piece[] }

const PIECE = /\[((?:[^\]{}|]|\{[^}]*\})*)(?:\|([^\]]*))?\]|\{([a-z_]+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g

function pieces(template: string, part: JsonObject): Piece[] {
  const made: Piece[] = []
  let at = 0
  for (const found of template.matchAll(PIECE)) {
    if (found.index > at) made.push({ kind: 'text', text: template.slice(at, found.index) })
    at = found.index + found[0].length
    const [, optional, otherwise, name, one, many] = found
    if (name !== undefined && one !== undefined) {
      made.push({ kind: 'text', text: plural(part[name], one, many ?? '') })
    } else if (name !== undefined) {
      made.push({ kind: 'field', name })
    } else {
      const inner = pieces(optional ?? '', part)
      const names = inner.flatMap((each) => (each.kind === 'field' ? [each.name] : []))
      const instead = otherwise === undefined ? {} : { otherwise: pieces(otherwise, part) }
      made.push({ kind: 'optional', pieces: inner, names, ...instead })
    }
  }
  if (at < template.length) made.push({ kind: 'text', text: template.slice(at) })
  return made
}

/** The pieces that a part is edited by. A part without wording is its inputs, with titles where one may be left out. */
export function piecesOf(part: JsonObject, schema: Schema, language: string): Piece[] {
  const template = templateOf(part, schema)
  if (template !== undefined) return pieces(labelOf(template, language), part)
  return Object.keys(schema.properties ?? {})
    .filter((name) => name !== 'type')
    .flatMap((name): Piece[] => {
      const own = field(schema, name)
      if (!isOptional(own)) return [{ kind: 'field', name }]
      const title: Piece = { kind: 'text', text: ` ${labelOf(own['x-title'], language)} ` }
      return [{ kind: 'optional', pieces: [title, { kind: 'field', name }], names: [name] }]
    })
}

/** Names of the fields that stand in the template by which this part reads. */
export function fieldsOf(part: JsonObject, schema: Schema): Set<string> {
  const names = piecesOf(part, schema, 'en').flatMap((one) =>
    one.kind === 'field' ? [one.name] : one.kind === 'optional' ? one.names : [])
  return new Set(names)
}

/**
 * The part after the field that picks its template was changed: what the new sentence doesn't say is
 * dropped, since nobody would see that it is still there.
 */
export function retold(part: JsonObject, schema: Schema): JsonObject {
  const said = fieldsOf(part, schema)
  const kept = Object.entries(part).filter(
    ([name]) => name === 'type' || name === schema['x-sentence-by'] || said.has(name))
  return Object.fromEntries(kept)
}
