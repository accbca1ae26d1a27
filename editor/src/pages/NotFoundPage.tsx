import { ButtonLink } from '../components/Button'
import { EmptyState } from '../components/EmptyState'
import { PageFrame } from '../components/PageFrame'
import { useMessages } from '../messages'

export function NotFoundPage() {
  const { notFound } = useMessages()
  return (
    <PageFrame title={notFound.title}>
      <EmptyState title={notFound.title} text={notFound.text}>
        <ButtonLink href="/rules" kind="primary">{notFound.action}</ButtonLink>
      </EmptyState>
    </PageFrame>
  )
}
