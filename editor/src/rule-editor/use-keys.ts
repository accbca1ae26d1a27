import { useEffect } from 'react'
import type { RowAct } from './context'

interface Keys {
  readonly act: (pointer: string, what: RowAct) => void
  readonly undo: () => void
  readonly redo: () => void
}

const ARROWS: Record<string, RowAct> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'out', ArrowRight: 'in', Delete: 'remove' }

/** Opens what can be added where the focus is: to its list, or else to what the rule does. */
function openAdding(target: Element | null): void {
  const lists = target?.closest('.re-where, [data-card]')?.querySelectorAll<HTMLElement>('.re-adding .re-add > button')
  const button = [...lists ?? []].at(-1) ?? document.querySelector<HTMLElement>('[data-card="/then"] .re-adding:last-child .re-add > button')
  button?.click()
}

/** The keys of the editor. They act on the row in which the focus is. */
export function useKeys({ act, undo, redo }: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null
      const control = event.ctrlKey || event.metaKey
      // The JSON text has an undo of its own, and a dialog is not the editor.
      if (target?.closest('.re-json, dialog') !== null && target !== null) return
      const key = event.key.toLowerCase()
      const row = target?.closest<HTMLElement>('[data-row]')?.dataset['row']
      if (control && !event.altKey && (key === 'z' || key === 'y')) {
        event.preventDefault()
        if (key === 'y' || event.shiftKey) redo()
        else undo()
      } else if (control && key === 'd' && row !== undefined) {
        event.preventDefault()
        act(row, 'duplicate')
      } else if (event.altKey && !control && event.key === 'Enter') {
        event.preventDefault()
        openAdding(target)
      } else if (event.altKey && !control && row !== undefined) {
        const what = ARROWS[event.key]
        if (what === undefined) return
        event.preventDefault()
        act(row, what)
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [act, undo, redo])
}
