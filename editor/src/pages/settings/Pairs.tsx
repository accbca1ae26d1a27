import { Fragment, type ReactNode } from 'react'

/** Names with what they stand for. */
export function Pairs({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
  return <dl className="st-pairs">{of.map(([name, said]) => <Fragment key={name}><dt>{name}</dt><dd>{said}</dd></Fragment>)}</dl>
}
