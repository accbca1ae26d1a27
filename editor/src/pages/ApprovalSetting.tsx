import { useState } from 'react'
import { asError, useLoading } from '../app/loading'
import { ErrorNote } from '../components/ErrorNote'
import { api } from '../core/api'
import { usePageMessages } from './messages'

/** Whether rules are published only with the approval of a second person. Administrators decide it. */
export function ApprovalSetting() {
  const { rules } = usePageMessages()
  const { data, set } = useLoading('catalogue', api.catalogue)
  const [failed, setFailed] = useState<Error | null>(null)
  const programme = data?.['programme'] as { approval?: string } | undefined
  if (data === null || programme === undefined) return null
  const demand = async (needed: boolean) => {
    setFailed(null)
    try {
      const said = await api.demandApproval(needed ? 'required' : 'optional')
      set({ ...data, programme: { ...programme, ...said } })
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  return (
    <>
      {failed && <ErrorNote error={failed} />}
      <div className="filters">
        <label className="check">
          <input type="checkbox" checked={programme.approval === 'required'} onChange={(event) => void demand(event.target.checked)} />
          {rules.approvalNeeded}
        </label>
      </div>
    </>
  )
}
