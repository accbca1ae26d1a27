import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { Link } from '../app/router'
import { useMessages, type Messages } from '../messages'

export type Place = Exclude<keyof Messages['nav'], 'label' | 'groups'>
export type Group = keyof Messages['nav']['groups']

export function addressOf(place: Place): string {
  return place === 'home' ? '/' : `/${place}`
}

export function isAt(path: string, place: Place): boolean {
  const address = addressOf(place)
  return path === address || (place !== 'home' && path.startsWith(`${address}/`))
}

/** A button that opens a few places. Arrows go through them; Escape and leaving close it. */
export function NavGroup({ group, places, path }: { group: Group; places: readonly Place[]; path: string }) {
  const { nav } = useMessages()
  const id = useId()
  const [open, setOpen] = useState(false)
  const whole = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    const away = (event: PointerEvent): void => {
      if (event.target instanceof Node && whole.current?.contains(event.target) === false) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      setOpen(false)
      button.current?.focus()
      return
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || !open) return
    event.preventDefault()
    const links = [...(whole.current?.querySelectorAll('a') ?? [])]
    const at = links.findIndex((one) => one === document.activeElement)
    links.at(at < 0 && by < 0 ? -1 : (at + by) % links.length)?.focus()
  }
  const onBlur = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && whole.current?.contains(event.relatedTarget) === false) setOpen(false)
  }
  const current = places.some((place) => isAt(path, place))
  return (
    <div ref={whole} className="nav-group" onKeyDown={onKeyDown} onBlur={onBlur}>
      <button ref={button} type="button" aria-expanded={open} aria-controls={id} aria-current={current || undefined} onClick={() => setOpen(!open)}>
        {nav.groups[group]}
      </button>
      <ul id={id} hidden={!open}>
        {places.map((place) => (
          <li key={place}>
            <Link href={addressOf(place)} aria-current={isAt(path, place) ? 'page' : undefined} onClick={() => setOpen(false)}>{nav[place]}</Link>
          </li>))}
      </ul>
    </div>
  )
}
