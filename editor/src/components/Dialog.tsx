import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { useMessages } from '../messages'

/** A modal dialog of the platform: it keeps the focus, closes by Escape and gives the focus back. */
export function Dialog({ title, onClose, children, actions, wide }: {
  title: string
  onClose: () => void
  children: ReactNode
  actions?: ReactNode
  wide?: boolean
}) {
  const element = useRef<HTMLDialogElement>(null)
  const label = useId()
  const messages = useMessages()
  // While it is still there: what is gone can't give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current
    if (dialog !== null && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="dialog-head">
        <h2 id={label}>{title}</h2>
        <button type="button" className="icon-button" aria-label={messages.close} onClick={onClose}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" /></svg>
        </button>
      </div>
      <div className="dialog-body">{children}</div>
      {actions && <div className="dialog-actions">{actions}</div>}
    </dialog>
  )
}
