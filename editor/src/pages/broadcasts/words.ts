import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Broadcasts', lead: 'One message to many members at once, under the same caps as everything else.',
  name: 'Name', key: 'Key', keyHint: 'Small letters, digits and hyphens', template: 'Message', channel: 'Channel', at: 'When', state: 'Status', action: 'Action',
  states: { draft: 'Draft', scheduled: 'Scheduled', running: 'Sending', done: 'Done', cancelled: 'Cancelled' },
  channels: { email: 'E-mail', sms: 'SMS', push: 'App push', wecom: 'WeCom', console: 'Console' },
  create: 'New broadcast', send: 'Send', plan: 'Plan', when: 'Send', now: 'Now', later: 'At a set time',
  audience: 'To', everybody: 'Everybody', tag: 'Members with a tag', segment: 'Members of a segment', condition: 'Members of whom this is true', which: 'Which',
  editing: (name: string) => `Edit ${name}`, edit: 'Edit', saveDraft: 'Save draft', drop: 'Delete', dropLabel: (name: string) => `Delete ${name}`,
  to: (whom: string) => `To: ${whom}`, some: (who: string) => `Such as ${who}`,
  progress: 'Progress', progressOf: (name: string) => `Progress of ${name}`, cancel: 'Cancel', cancelLabel: (name: string) => `Cancel ${name}`,
  members: 'Members', reached: 'Reached', delivered: 'Delivered', waiting: 'Waiting for quiet hours to end', failed: 'Failed', suppressed: 'Held back',
  reasons: { 'no-consent': 'no consent', 'frequency-cap': 'frequency cap', 'quiet-hours': 'quiet hours', overdue: 'too late' } as Record<string, string>,
  conflict: {
    saved: (who: string) => `${who} saved this draft in between:`, planned: 'A broadcast of this key is planned already:',
    text: 'What you wrote is still in the form below; nothing of it was saved.',
    theirs: 'Go on with theirs', mine: 'Keep mine: saving replaces theirs',
  },
  empty: 'Nothing was broadcast yet', emptyText: 'A broadcast sends one message to many members at once. Each decision says why somebody got it or not.',
}

const zhHans: typeof en = {
  title: '群发', lead: '一次向许多会员发送一条消息，受同样的频次约束。',
  name: '名称', key: '标识', keyHint: '小写字母、数字和连字符', template: '消息', channel: '渠道', at: '时间', state: '状态', action: '操作',
  states: { draft: '草稿', scheduled: '待发送', running: '发送中', done: '已完成', cancelled: '已取消' },
  channels: { email: '邮件', sms: '短信', push: '应用推送', wecom: '企业微信', console: '控制台' },
  create: '新建群发', send: '发送', plan: '定时发送', when: '发送时间', now: '立即', later: '定时',
  audience: '发给', everybody: '全部会员', tag: '有某标签的会员', segment: '某分群的会员', condition: '满足条件的会员', which: '选择',
  editing: (name) => `编辑${name}`, edit: '编辑', saveDraft: '保存草稿', drop: '删除', dropLabel: (name) => `删除${name}`,
  to: (whom) => `发给：${whom}`, some: (who) => `例如 ${who}`,
  progress: '进度', progressOf: (name) => `${name}的进度`, cancel: '取消', cancelLabel: (name) => `取消${name}`,
  members: '会员数', reached: '触达', delivered: '已送达', waiting: '等待免打扰结束', failed: '失败', suppressed: '被拦截',
  reasons: { 'no-consent': '未同意接收', 'frequency-cap': '频次上限', 'quiet-hours': '免打扰', overdue: '已过时' },
  conflict: {
    saved: (who) => `${who} 在此期间保存了这份草稿：`, planned: '该标识的群发已经安排：',
    text: '您写的内容仍在下面的表单中，尚未保存。',
    theirs: '改用对方的', mine: '保留我的：保存时将替换对方的',
  },
  empty: '还没有群发', emptyText: '群发一次向许多会员发送同一条消息；每条决策都会说明为何发送或未发送。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
