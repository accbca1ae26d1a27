import { useCallback, useEffect } from 'react'
import type { Schema } from '../core/schema'
import { asText, kindOf, pasteBelow, rowIn } from './clipboard'
import { steps, type RowAct } from './context'
import type { Say } from './messages'
import type { RuleEditing } from './use-rule'

/** What was copied last, for where the browser keeps its own clipboard to itself. */
let copied = ''

/** Every act on a row, with those of the clipboard: by button, and by the keys for copy, cut and paste. */
export function useClipboard({ part, take, act }: Pick<RuleEditing, 'part' | 'take' | 'act'>, root: Schema, say: Say, announce: (text: string) => void) {
  const copy = useCallback((pointer: string): string | null => {
    const value = part(pointer)
    const kind = kindOf(value, root)
    if (value === undefined || kind === null) return null
    copied = asText(value, kind)
    announce(say('copied'))
    return copied
  }, [part, root, say, announce])

  const paste = useCallback((pointer: string, text: string): void => {
    const row = rowIn(text, root)
    const move = row === null ? null : pasteBelow(part('') ?? null, steps(pointer), row.part, root)
    if (move === null) {
      announce(say(row === null ? 'notARow' : 'otherKind'))
      return
    }
    take(move)
    announce(say('pasted'))
  }, [part, take, root, say, announce])

  useEffect(() => {
    const rowOf = (event: ClipboardEvent): string | undefined => {
      const at = document.activeElement
      if (event.defaultPrevented || at === null || at.closest('.re-json, dialog') !== null || isSelected(at)) return undefined
      return at.closest<HTMLElement>('[data-row]')?.dataset['row']
    }
    const onCopy = (event: ClipboardEvent): void => {
      const row = rowOf(event)
      const text = row === undefined ? null : copy(row)
      if (row === undefined || text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') act(row, 'remove')
    }
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      const row = rowOf(event)
      // Any other text goes into the input in which the caret is.
      if (row === undefined || rowIn(text, root) === null) return
      event.preventDefault()
      paste(row, text)
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [copy, paste, act, root])

  return useCallback((pointer: string, what: RowAct): void => {
    if (what === 'copy') {
      const text = copy(pointer)
      if (text !== null) navigator.clipboard?.writeText(text).catch(() => undefined)
    } else if (what === 'paste') {
      const asked = navigator.clipboard?.readText() ?? Promise.resolve(copied)
      void asked.catch(() => copied).then((text) => paste(pointer, text))
    } else {
      act(pointer, what)
    }
  }, [copy, paste, act, root])
}

/** Whether text is selected, which is then what the keys are about. */
function isSelected(at: Element): boolean {
  if ((at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) && at.selectionStart !== at.selectionEnd) return true
  return getSelection()?.isCollapsed === false
}
