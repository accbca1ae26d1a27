import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Changes', lead: 'What people changed: who, when, and from what to what.',
  every: 'Everything', from: 'From', until: 'Until', table: 'Download table', lines: 'Download JSON lines',
  show: 'From what to what', place: 'Where', condition: 'Condition', old: 'Before', now: 'After', same: 'Nothing that is read differs.',
  noMatch: 'No change fits', noMatchText: 'Choose fewer or other filters.',
  at: 'When', by: 'Who', action: 'What', subject: 'Of', detail: 'Details',
  actions: {
    'draft-saved': 'Draft saved', 'draft-deleted': 'Draft thrown away', 'draft-submitted': 'Submitted for approval', 'draft-approved': 'Approved',
    'draft-sent-back': 'Sent back', 'approval-dropped': 'Approval dropped by a change', 'approval-demanded': 'Approval before publishing',
    'rule-published': 'Published', 'rule-paused': 'Paused', 'rule-resumed': 'Resumed', 'rule-rolled-back': 'Gone back to an older version', 'definitions-changed': 'Definitions changed', 'erase-member': 'Member erased', 'export-member': 'Everything about a member downloaded',
    'person-added': 'Person let in', 'person-changed': 'Role or password changed', 'person-disabled': 'Person kept out', 'person-enabled': 'Person let in again', 'sessions-ended': 'Sessions ended', 'password-reset': 'Password reset', 'password-changed': 'Own password changed',
    'key-made': 'API key made', 'key-revoked': 'API key ended',
    'broadcast-draft-saved': 'Broadcast draft saved', 'broadcast-draft-deleted': 'Broadcast draft thrown away',
    'broadcast-planned': 'Broadcast planned', 'broadcast-cancelled': 'Broadcast cancelled',
    'codes-import-begun': 'Import of codes begun', 'codes-imported': 'Codes imported', 'duplicate-dismissed': 'Two members are two people',
    'replay-started': 'Replay begun', 'replay-cancelled': 'Replay cancelled', 'back-test-started': 'Back-test begun',
    'back-test-cancelled': 'Back-test cancelled', 'message-redelivered': 'Sent again', 'proof-exported': 'Proof downloaded',
    'audit-exported': 'Changes downloaded', 'import-begun': 'History imported', 'log-sealed': 'Log sealed',
  } as Readonly<Record<string, string>>,
  empty: 'Nothing was changed yet', emptyText: 'Saving, approving and publishing rules, and changing definitions, is written down here.',
  forbidden: 'Changes are for auditors', forbiddenText: 'Ask an auditor or an administrator who changed what.',
}

const zhHans: typeof en = {
  title: '变更记录', lead: '谁在何时更改了什么，从什么改成什么。',
  every: '全部', from: '开始日期', until: '结束日期', table: '下载表格', lines: '下载 JSON 行',
  show: '变更前后', place: '位置', condition: '条件', old: '变更前', now: '变更后', same: '可读内容没有差异。',
  noMatch: '没有符合条件的变更', noMatchText: '请减少或更换筛选条件。',
  at: '时间', by: '操作人', action: '操作', subject: '对象', detail: '详情',
  actions: {
    'draft-saved': '保存草稿', 'draft-deleted': '丢弃草稿', 'draft-submitted': '提交审批', 'draft-approved': '批准',
    'draft-sent-back': '退回', 'approval-dropped': '修改后审批失效', 'approval-demanded': '发布前须审批',
    'rule-published': '发布', 'rule-paused': '暂停', 'rule-resumed': '恢复', 'rule-rolled-back': '回退到旧版本', 'definitions-changed': '更改定义', 'erase-member': '抹除会员', 'export-member': '下载会员全部信息',
    'person-added': '添加人员', 'person-changed': '更改角色或密码', 'person-disabled': '停用人员', 'person-enabled': '重新启用人员', 'sessions-ended': '结束登录会话', 'password-reset': '重置密码', 'password-changed': '修改自己的密码',
    'key-made': '创建 API 密钥', 'key-revoked': '停用 API 密钥',
    'broadcast-draft-saved': '保存群发草稿', 'broadcast-draft-deleted': '丢弃群发草稿', 'broadcast-planned': '安排群发', 'broadcast-cancelled': '取消群发',
    'codes-import-begun': '开始导入券码', 'codes-imported': '导入券码', 'duplicate-dismissed': '确认为两位会员',
    'replay-started': '开始重放', 'replay-cancelled': '取消重放', 'back-test-started': '开始回测', 'back-test-cancelled': '取消回测',
    'message-redelivered': '重新发送', 'proof-exported': '下载证明', 'audit-exported': '下载变更记录', 'import-begun': '导入历史数据', 'log-sealed': '封存日志',
  },
  empty: '还没有变更', emptyText: '保存、审批、发布规则，以及更改定义，都会记录在此。',
  forbidden: '变更记录仅供审计人员查看', forbiddenText: '请向审计人员或管理员查询。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
