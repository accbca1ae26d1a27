import type { RuleVersion } from '../../core/types'

export interface ListedVersion {
  readonly version: RuleVersion
  /** The one that was published before it. */
  readonly before: RuleVersion | null
  /** An earlier version that says the same, where somebody went back to it. */
  readonly as: number | null
  /** Whether it says something else than the newest. */
  readonly older: boolean
}

/** The versions of a rule, newest first, each with the one before it. */
export function listed(items: readonly RuleVersion[]): ListedVersion[] {
  const newest = items[0]
  return items.map((version, at) => ({
    version,
    before: items[at + 1] ?? null,
    as: items.slice(at + 1).find((one) => one.digest === version.digest)?.version ?? null,
    older: version.digest !== newest?.digest,
  }))
}
