import { useRef } from 'react'

/** An id that nobody else makes. `crypto.randomUUID` is only there on secure pages. */
const newId = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-')

/**
 * The id of what is asked: what is sent again after the answer was lost must not happen twice, so the same content keeps its id. After a
 * refusal, which is an answer too, `forget` makes the next one a new request.
 */
export function useRequestId(): { of: (content: string) => string; forget: () => void } {
  const sent = useRef({ content: '', id: '' })
  return {
    of: (content) => {
      if (sent.current.content !== content) sent.current = { content, id: newId() }
      return sent.current.id
    },
    forget: () => {
      sent.current = { content: '', id: '' }
    },
  }
}
