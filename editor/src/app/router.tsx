import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'

/** A page that holds unsaved work may ask before it is left. */
type Guard = () => boolean
const guards = new Set<Guard>()
const listeners = new Set<() => void>()

let shown = here()

function here(): string {
  return location.pathname + location.search
}

/** Keeps people on the page while `mayLeave` answers false. Returns how to stop asking. */
export function guardLeaving(mayLeave: Guard): () => void {
  guards.add(mayLeave)
  return () => guards.delete(mayLeave)
}

function mayLeave(): boolean {
  return [...guards].every((guard) => guard())
}

function tell(): void {
  shown = here()
  for (const listener of listeners) listener()
}

export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (!replace && !mayLeave()) return
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  tell()
  if (!replace) window.scrollTo(0, 0)
}

if (typeof window !== 'undefined') {
  window.addEventListener('popstate', () => {
    if (mayLeave()) tell()
    else history.pushState(null, '', shown)
  })
}

export function useAddress(): { path: string; search: URLSearchParams } {
  const address = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
  const { pathname, searchParams } = new URL(address, location.origin)
  return { path: pathname, search: searchParams }
}

/** A link that changes the page without loading it anew; any other click than a plain one stays the browser's. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return <a href={href} onClick={follow} {...rest} />
}
