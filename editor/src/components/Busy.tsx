import { useMessages } from '../messages'

export function Busy() {
  const messages = useMessages()
  return (
    <div className="busy" role="status">
      <span className="busy-dot" aria-hidden="true" />
      {messages.loading}
    </div>
  )
}
