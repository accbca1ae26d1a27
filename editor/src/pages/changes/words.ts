import { useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Changes', lead: 'What people changed in rules and definitions: who, when, and from what to what.',
  at: 'When', by: 'Who', action: 'What', subject: 'Of', detail: 'Details',
  actions: {
    'draft-saved': 'Draft saved', 'draft-deleted': 'Draft thrown away', 'draft-submitted': 'Submitted for approval', 'draft-approved': 'Approved',
    'draft-sent-back': 'Sent back', 'approval-dropped': 'Approval dropped by a change', 'approval-demanded': 'Approval before publishing',
    'rule-published': 'Published', 'rule-paused': 'Paused', 'rule-resumed': 'Resumed', 'definitions-changed': 'Definitions changed',
  } as Readonly<Record<string, string>>,
  empty: 'Nothing was changed yet', emptyText: 'Saving, approving and publishing rules, and changing definitions, is written down here.',
  forbidden: 'Changes are for auditors', forbiddenText: 'Ask an auditor or an administrator who changed what.',
}

const zhHans: typeof en = {
  title: '变更记录', lead: '谁在何时更改了规则与定义，从什么改成什么。',
  at: '时间', by: '操作人', action: '操作', subject: '对象', detail: '详情',
  actions: {
    'draft-saved': '保存草稿', 'draft-deleted': '丢弃草稿', 'draft-submitted': '提交审批', 'draft-approved': '批准',
    'draft-sent-back': '退回', 'approval-dropped': '修改后审批失效', 'approval-demanded': '发布前须审批',
    'rule-published': '发布', 'rule-paused': '暂停', 'rule-resumed': '恢复', 'definitions-changed': '更改定义',
  },
  empty: '还没有变更', emptyText: '保存、审批、发布规则，以及更改定义，都会记录在此。',
  forbidden: '变更记录仅供审计人员查看', forbiddenText: '请向审计人员或管理员查询。',
}

const WORDS: Record<Language, typeof en> = { en, 'zh-Hans': zhHans }

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
