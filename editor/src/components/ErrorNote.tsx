import { ApiError } from '../core/api'
import { useLanguage } from '../core/language'
import { useMessages, type Messages } from '../messages'
import { Button } from './Button'

/** What to do about an error: the server's own words where it has some in this language. */
export function adviceOf(error: Error, messages: Messages): string {
  if (!(error instanceof ApiError)) return messages.errors.unexpected
  if (error.code === 'unreachable') return messages.errors.unreachable
  const said = messages.errors.byCode[error.code]
  if (said !== undefined) return said
  if (error.problem.detail) return error.problem.detail
  if (error.status === 403) return messages.errors.forbidden
  if (error.status === 404) return messages.errors.notFound
  return messages.errors.unexpected
}

export function ErrorNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const messages = useMessages()
  const { pick } = useLanguage()
  const places = error instanceof ApiError ? (error.problem.errors ?? []) : []
  return (
    <div className="note note-error" role="alert">
      <p>{adviceOf(error, messages)}</p>
      {places.length > 0 && (
        <ul>
          {places.map((place) => (
            <li key={place.path + String(place.text)}>
              <code>{place.path}</code> {typeof place.text === 'string' ? place.text : pick(place.text)}
            </li>
          ))}
        </ul>
      )}
      {onRetry && <Button small onClick={onRetry}>{messages.retry}</Button>}
    </div>
  )
}
