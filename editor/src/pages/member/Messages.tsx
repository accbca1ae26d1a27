import { usePaging } from '../../app/paging'
import { Link } from '../../app/router'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { More } from '../../components/More'
import { RuleName } from '../../components/OutcomeLine'
import { Table } from '../../components/Table'
import { Time } from '../../components/Time'
import { api, type MemberDetail } from '../../core/api'
import { useLanguage } from '../../core/language'
import { Delivery } from '../Delivery'
import { useReachWords } from './reach-words'

/** Every message that was asked for, for this member: sent, given up, waiting or held back, with why. */
export function Messages({ member }: { member: MemberDetail }) {
  const words = useReachWords()
  const { pick } = useLanguage()
  const list = usePaging(`${member.id}\n${member.events}`, (before) => api.outbox({ member: member.id, before }))
  return (
    <>
      {list.error && <ErrorNote error={list.error} onRetry={list.reload} />}
      {!list.items && !list.error && <Busy />}
      {list.items?.length === 0 && <p className="quiet">{words.noMessages}</p>}
      {list.items && list.items.length > 0 && (
        <Table
          caption={words.messages}
          rows={list.items}
          keyOf={(one) => one.id}
          columns={[
            {
              key: 'message', head: words.message,
              cell: (one) => (
                <div>
                  <b title={one.target}>{pick(one.target_name) || one.target}</b> <span className="quiet">{pick(one.channel_name)}</span>
                  <div className="small"><RuleName outcome={{ rule: one.rule, name: one.rule_name }} /></div>
                </div>
              ),
            },
            {
              key: 'state', head: words.state,
              cell: (one) => (
                <div>
                  <Delivery item={one} />
                  {one.attempts > 1 && <p className="small quiet">{words.tried(one.attempts)}</p>}
                  {one.next_attempt_at && one.attempts > 0 && <p className="small quiet">{words.next} <Time at={one.next_attempt_at} /></p>}
                  {one.next_attempt_at && one.status === 'held' && <p className="small quiet">{words.until} <Time at={one.next_attempt_at} /></p>}
                </div>
              ),
            },
            { key: 'asked', head: words.asked, cell: (one) => <Link href={`/decisions/${one.sequence}`}><Time at={one.as_of} /></Link> },
          ]}
        />
      )}
      <More list={list} />
    </>
  )
}
