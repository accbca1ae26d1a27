import { useState } from 'react'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { useWords } from './words'

/** A secret that is shown this once, and for a key a command that tries it. */
export function OneTime({ title, text, secret, command, onClose }: {
  title: string
  text: string
  secret: string
  command?: string | null
  onClose: () => void
}) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    // Where the browser doesn't let pages copy, it is selected and copied by hand.
    void navigator.clipboard?.writeText(secret).then(() => setCopied(true), () => undefined)
  }
  return (
    <Dialog title={title} onClose={onClose} actions={<Button kind="primary" onClick={onClose}>{words.handed}</Button>}>
      <p>{text}</p>
      <p className="secret">{secret}</p>
      <div className="row"><Button small onClick={copy}>{words.copy}</Button><span role="status" className="small quiet">{copied && words.copied}</span></div>
      {command && <><p className="small quiet">{words.tryIt}</p><pre className="pp-command" tabIndex={0}>{command}</pre></>}
    </Dialog>
  )
}
