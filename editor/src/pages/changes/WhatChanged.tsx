import { useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { api } from '../../core/api'
import { changes, type Line } from '../../core/diff'
import { useLanguage } from '../../core/language'
import { field, isObject, labelOf, withoutNull, type Json, type RuleCatalogue, type Schema } from '../../core/schema'
import { leaves } from './leaves'
import { useWords } from './words'

interface Values { old: Json; now: Json }

/** What a change made of what: a rule in words, anything else value by value. */
export function WhatChanged({ old, now }: Values) {
  const isRule = [old, now].some((one) => isObject(one) && one['when'] !== undefined && one['then'] !== undefined)
  return isRule ? <OfRule old={old} now={now} /> : <OfValues old={old} now={now} />
}

function OfValues({ old, now }: Values) {
  const words = useWords()
  const found = leaves(old, now)
  if (found.length === 0) return <p className="small quiet">{words.same}</p>
  return (
    <Table
      caption={words.detail} rows={found} keyOf={(one) => one.path}
      columns={[
        { key: 'path', head: words.place, cell: (one) => <code>{one.path}</code> },
        { key: 'old', head: words.old, cell: (one) => one.old === null ? <span className="quiet">–</span> : <del>{one.old}</del> },
        { key: 'now', head: words.now, cell: (one) => one.now === null ? <span className="quiet">–</span> : <b>{one.now}</b> },
      ]}
    />
  )
}

function OfRule({ old, now }: Values) {
  const words = useWords()
  const { language } = useLanguage()
  const { data, error } = useLoading('schema of rules', () => Promise.all([api.schema(), api.catalogue()]))
  if (error) return <ErrorNote error={error} />
  if (!data) return <Busy />
  const root = data[0].schema as unknown as Schema
  const catalogue = data[1] as unknown as RuleCatalogue
  const found = changes(old, now ?? {}, root, catalogue, language)
  const titleOf = (name: string): string => {
    if (name === 'if') return words.condition
    const own = field(root, name)
    return labelOf(own['x-title'] ?? withoutNull(own, root)['x-title'], language) || name
  }
  if (found.length === 0) return <p className="small quiet">{words.same}</p>
  return (
    <Table
      caption={words.detail} rows={found} keyOf={(one) => one.field}
      columns={[
        { key: 'path', head: words.place, cell: (one) => titleOf(one.field) },
        { key: 'old', head: words.old, cell: (one) => <Lines of={one.lines} mark="removed" /> },
        { key: 'now', head: words.now, cell: (one) => <Lines of={one.lines} mark="added" /> },
      ]}
    />
  )
}

function Lines({ of, mark }: { of: readonly Line[]; mark: Line['mark'] }) {
  const told = of.filter((one) => one.mark === mark)
  if (told.length === 0) return <span className="quiet">–</span>
  return <>{told.map((one, at) => <div key={at}>{mark === 'removed' ? <del>{one.text}</del> : <b>{one.text}</b>}</div>)}</>
}
