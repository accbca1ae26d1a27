import { lazy, Suspense, useEffect, useState } from 'react'
import { useSay } from '../messages'

const KeysDialog = lazy(() => import('./KeysDialog'))

/** The keys of the editor, told to who asks: by the button, or by `?` where no text is typed. */
export function KeysHelp() {
  const say = useSay()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.matches('input, textarea, select')
      if (event.key !== '?' || typing || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button type="button" className="re-more" aria-haspopup="dialog" onClick={() => setOpen(true)}>{say('keysTitle')}</button>
      {open && <Suspense><KeysDialog onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}
