import { idOf } from './context'

/**
 * Let the keyboard go to what stands at a pointer. It may be rendered a few frames from now, so look
 * again for a while; `otherwise` is where to go if it never comes.
 */
export function focusOn(pointer: string, otherwise = '', tries = 20): void {
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(pointer)}"]`)
  const target = row?.querySelector<HTMLElement>('input, select, .re-chip')
    ?? row?.querySelector<HTMLElement>('button')
    ?? (pointer === '' ? null : document.getElementById(idOf(pointer)))
    ?? document.querySelector<HTMLElement>(`[id^="${CSS.escape(`${idOf(pointer)}-`)}"]:is(input, select)`)
  requestAnimationFrame(() => {
    if (target?.isConnected) {
      target.focus()
      // Who may only read is at least shown the place.
      if (target.matches(':disabled')) target.scrollIntoView({ block: 'center' })
      // What stands there gives way to what is typed.
      if (target instanceof HTMLInputElement) target.select()
    }
    else if (tries > 0) focusOn(pointer, otherwise, tries - 1)
    else if (otherwise !== '') document.querySelector<HTMLElement>(`[data-card="${CSS.escape(otherwise)}"] .re-add button`)?.focus()
  })
}
