import type { ReactNode } from 'react'
import { useEditing, type RowAct } from '../context'
import { Icon } from '../Icon'
import { useSay, type Message } from '../messages'

const TOOLS: Record<RowAct, { icon: string; message: Message }> = {
  up: { icon: 'up', message: 'moveUp' },
  down: { icon: 'down', message: 'moveDown' },
  in: { icon: 'in', message: 'moveIn' },
  out: { icon: 'out', message: 'moveOut' },
  duplicate: { icon: 'duplicate', message: 'duplicate' },
  copy: { icon: 'copy', message: 'copy' },
  paste: { icon: 'paste', message: 'paste' },
  remove: { icon: 'close', message: 'remove' },
  ungroup: { icon: 'group', message: 'ungroup' },
}

interface RowProps {
  pointer: string
  label: string
  icon?: string
  tone: 'if' | 'then'
  tools: readonly RowAct[]
  group?: boolean
  children: ReactNode
}

/** One condition, group or action, with the buttons (and, by its pointer, the keys) that move it. */
export function Row({ pointer, label, icon, tone, tools, group = false, children }: RowProps) {
  return (
    <div className={group ? 're-row re-group' : 're-row'} role="group" aria-label={label} data-row={pointer}>
      {icon !== undefined && <span className={`re-mark re-mark-${tone}`}><Icon name={icon} size={16} /></span>}
      <div className="re-row-body">{children}</div>
      <RowTools pointer={pointer} label={label} tools={tools} />
    </div>
  )
}

function RowTools({ pointer, label, tools }: { pointer: string; label: string; tools: readonly RowAct[] }) {
  const { act } = useEditing()
  const say = useSay()
  return (
    <span className="re-tools">
      {tools.map((tool) => {
        const { icon, message } = TOOLS[tool]
        return (
          <button key={tool} type="button" className="re-tool" title={say(message)} aria-label={`${say(message)}: ${label}`}
            onClick={() => act(pointer, tool)}>
            <Icon name={icon} size={15} />
          </button>
        )
      })}
    </span>
  )
}
