import type { ReactNode } from 'react'

/** Stands in for `markdown-to-jsx`: our texts hold no Markdown, so they are shown as they are. */
export function Markdown({ children }: { children?: ReactNode }) {
  return <>{children}</>
}

export default Markdown
