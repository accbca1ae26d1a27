import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { labelOf, type Kind } from '../../core/schema'
import { useEditing } from '../context'
import { Icon } from '../Icon'
import { placeOf, useTypeAhead } from '../type-ahead'

interface AddMenuProps {
  label: string
  kinds: readonly Kind[]
  quiet?: boolean
  onAdd: (kind: Kind) => void
}

/** A button that opens the kinds there are; typing goes to one by its name. */
export function AddMenu({ label, kinds, quiet = false, onAdd }: AddMenuProps) {
  const { language } = useEditing()
  const [open, setOpen] = useState(false)
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const typed = useTypeAhead()
  const items = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]

  useEffect(() => {
    if (!open) return
    items()[0]?.focus()
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Node && menu.current?.parentElement?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items()
    const at = all.findIndex((one) => one === document.activeElement)
    const go: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }
    const to = go[event.key]
    if (to !== undefined && !event.altKey) {
      event.preventDefault()
      all[(to + all.length) % all.length]?.focus()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      setOpen(false)
      button.current?.focus()
    } else if (event.key === 'Tab') setOpen(false)
    else {
      const text = typed(event)
      if (text === '') return
      event.preventDefault()
      items()[placeOf(text, kinds.map((kind) => [labelOf(kind.schema['x-title'], language), kind.name]))]?.focus()
    }
  }

  return (
    <span className="re-add">
      <button ref={button} type="button" className={quiet ? 're-button re-quiet' : 're-button re-soft'} aria-haspopup="menu"
        aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="plus" size={15} />{label}
      </button>
      {open && (
        <div ref={menu} className="re-menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
          {kinds.map((kind) => (
            <button key={kind.name} type="button" role="menuitem" tabIndex={-1}
              onClick={() => {
                setOpen(false)
                onAdd(kind)
              }}>
              <Icon name={kind.schema['x-icon'] ?? 'plus'} size={16} />{labelOf(kind.schema['x-title'], language) || kind.name}
            </button>))}
        </div>)}
    </span>
  )
}
