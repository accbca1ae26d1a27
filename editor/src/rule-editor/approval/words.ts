import { spoken, useLanguage } from '../../core/language'
import type { ApprovalStep, Language } from '../../core/types'

const en = {
  submitTitle: 'Ask for approval', decideTitle: 'Review this draft',
  submitText: 'Another person reads the draft, and approves it or sends it back. Changing it meanwhile takes it out of their hands.',
  decideText: 'What you approve is what is published. A change afterwards needs a new approval.',
  comment: 'Comment', sendBackHint: 'To send it back, say what should be changed.',
  submit: 'Submit for approval', approve: 'Approve', sendBack: 'Send back', cancel: 'Cancel', working: 'One moment…',
  said: 'What was said',
  steps: {
    submitted: (who: string) => `${who} asks for approval`, approved: (who: string) => `${who} has approved it`,
    sent_back: (who: string) => `${who} has sent it back`, dropped: (who: string) => `${who} has changed the draft since`,
  } satisfies Record<ApprovalStep, (who: string) => string>,
}

const zhHans: typeof en = {
  submitTitle: '提交审批', decideTitle: '审阅此草稿',
  submitText: '由另一位同事阅读草稿，批准或退回。期间修改草稿，审批即失效。',
  decideText: '批准什么就发布什么；之后再修改，须重新审批。',
  comment: '意见', sendBackHint: '退回时请说明需要修改什么。',
  submit: '提交审批', approve: '批准', sendBack: '退回', cancel: '取消', working: '请稍候…',
  said: '审批记录',
  steps: {
    submitted: (who) => `${who} 提交审批`, approved: (who) => `${who} 已批准`,
    sent_back: (who) => `${who} 已退回`, dropped: (who) => `${who} 之后修改了草稿`,
  },
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
