import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { useSession } from '../../app/session'
import { Busy } from '../../components/Busy'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { ErrorNote } from '../../components/ErrorNote'
import { Table } from '../../components/Table'
import { Time } from '../../components/Time'
import { useMessages } from '../../messages'
import { people, type Person } from './api'
import { Invite } from './Invite'
import { Manage } from './Manage'
import { OneTime } from './OneTime'
import { useWords } from './words'

/** Everybody who signs in, and what may be done about them. */
export function People() {
  const messages = useMessages()
  const words = useWords()
  const session = useSession()
  const { data, error, reload } = useLoading('people', people)
  const [inviting, setInviting] = useState(false)
  const [managing, setManaging] = useState<Person | null>(null)
  const [handing, setHanding] = useState<{ name: string; password: string } | null>(null)
  const [said, setSaid] = useState('')
  const changed = (told: string) => {
    setManaging(null)
    setSaid(told)
    reload()
  }
  const hand = (given: { name: string; password: string }) => {
    setInviting(false)
    setHanding(given)
    changed('')
  }
  return (
    <>
      <p className="row filters"><Button kind="primary" onClick={() => setInviting(true)}>{words.invite}</Button></p>
      <div role="status">{said && <p className="note note-done filters">{said}</p>}</div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data && (
        <div className="card card-flush">
          <Table
            caption={words.views.people} rows={data.items} keyOf={(one) => one.name}
            columns={[
              { key: 'name', head: words.person.name, cell: (one) => <span className="row"><b>{one.name}</b>{one.name === session.name && <Chip tone="blue">{words.you}</Chip>}</span> },
              { key: 'role', head: words.person.role, cell: (one) => <div>{messages.roles[one.role]}<p className="small quiet">{words.rolesText[one.role]}</p></div> },
              { key: 'state', head: words.person.state, cell: (one) => <State of={one} /> },
              { key: 'seen', head: words.person.seen, cell: (one) => one.seen_at === null ? words.never : <Time at={one.seen_at} /> },
              { key: 'created', head: words.person.created, cell: (one) => <Time at={one.created_at} /> },
              {
                key: 'action', head: words.person.action,
                cell: (one) => <Button small aria-label={words.manageLabel(one.name)} onClick={() => setManaging(one)}>{words.manage}</Button>,
              },
            ]}
          />
        </div>
      )}
      {inviting && <Invite onClose={() => setInviting(false)} onDone={hand} />}
      {managing && <Manage person={managing} own={managing.name === session.name} onClose={() => setManaging(null)} onChanged={changed} onHand={hand} />}
      {handing && <OneTime title={words.passwordTitle(handing.name)} text={words.passwordText} secret={handing.password} onClose={() => setHanding(null)} />}
    </>
  )
}

function State({ of }: { of: Person }) {
  const { states } = useWords()
  if (of.disabled_at !== null) return <Chip tone="red">{states.out}</Chip>
  return of.temporary ? <Chip tone="amber">{states.first}</Chip> : <Chip tone="green">{states.may}</Chip>
}
