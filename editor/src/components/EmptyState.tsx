import type { ReactNode } from 'react'

/** Says why there is nothing, and what to do so that there is. */
export function EmptyState({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="card empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  )
}
