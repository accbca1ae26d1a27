import { lazy, Suspense, useEffect, useMemo, type ReactNode } from 'react'
import type { Json, Schema } from '../../core/schema'
import { DiagnosticsProvider, useDiagnostics } from '../context'
import { Conditions } from '../form/Conditions'
import { Problems } from '../form/Problems'
import { useConditionCheck } from './use-condition-check'

const AudienceCount = lazy(() => import('../../pages/figures/AudienceCount'))

interface AudienceProps {
  pointer: string
  value: Json
  schema: Schema
  onSound?: (sound: boolean) => void
}

/** A condition about members, checked while it is written, and how many members it is true of. */
export function Audience({ pointer, value, schema, onSound }: AudienceProps) {
  const { diagnostics, sound } = useConditionCheck(pointer, value)
  useEffect(() => onSound?.(sound), [onSound, sound])
  return (
    <Amended pointer={pointer} diagnostics={diagnostics}>
      <Conditions pointer={pointer} value={value} schema={schema} prefix="member." />
      <Problems pointer={pointer} exact />
      {sound && value !== null && <Suspense><AudienceCount condition={value} /></Suspense>}
    </Amended>
  )
}

/** Lets what was found just now at a place stand for what was known of it. */
function Amended({ pointer, diagnostics, children }: Pick<AudienceProps, 'pointer'> & Pick<ReturnType<typeof useConditionCheck>, 'diagnostics'> & { children: ReactNode }) {
  const known = useDiagnostics()
  const all = useMemo(() => {
    const others = known.filter((one) => one.path === pointer || !one.path.startsWith(pointer))
    return [...others, ...diagnostics]
  }, [known, diagnostics, pointer])
  return <DiagnosticsProvider value={all}>{children}</DiagnosticsProvider>
}
