import { useEffect, type ReactNode } from 'react'
import { ProgrammeZone } from '../app/zone'
import { useMessages } from '../messages'

/** The main landmark of a page with its one heading, which also names the window. */
export function PageFrame({ title, lead, back, actions, children }: {
  title: string
  lead?: ReactNode
  back?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const { product } = useMessages()
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
  return (
    <main id="content" className="page" tabIndex={-1}>
      {back && <p className="back">{back}</p>}
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      <ProgrammeZone>{children}</ProgrammeZone>
    </main>
  )
}
