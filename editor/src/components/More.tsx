import type { Paging } from '../app/paging'
import { useMessages } from '../messages'
import { Button } from './Button'

export function More<T>({ list }: { list: Paging<T> }) {
  const messages = useMessages()
  if (list.next === null || list.next === undefined || !list.items?.length) return null
  return (
    <div className="more">
      <Button onClick={list.more} disabled={list.loading}>{list.loading ? messages.loading : messages.more}</Button>
    </div>
  )
}
