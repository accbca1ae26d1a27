import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Settings', lead: 'What holds for the whole programme, and for you.',
  readOnly: 'Administrators change these.',
  programme: {
    title: 'Programme', nameEn: 'Name in English', nameZh: 'Name in Chinese', nameHint: 'What messages call it.',
    zone: 'Time zone', zoneHint: 'Of the programme\'s clock, and of members who told none.', currency: 'Currency', currencyHint: 'Three capital letters, such as CNY.',
    late: 'An event is late after (hours)', returns: 'Orders are remembered for (days)', returnsHint: 'So that a refund takes back what the order gave.',
    saved: 'The programme is saved.', save: 'Save the programme', unnamed: 'no name yet',
  },
  approval: { title: 'Approval before publishing', label: 'Publish only what a second person has approved', yes: 'Rules are published only when a second person has approved them.', no: 'Rules may be published without a second person.' },
  contact: {
    title: 'Contact', lead: 'How often members may be written to, at what hours, and by which channels.',
    policies: 'How often and when', noPolicies: 'No limit yet: members may be written to at any time.', change: 'Change contact policies',
    channels: 'Channels', changeChannels: 'Change channels', unsubscribe: 'Links to unsubscribe begin with',
    sentBy: { smtp: 'by our mail server', console: 'not connected: messages are only written to the log' },
    endpoint: (key: string) => `by the gateway ${key}`, consent: { opt_in: 'to members who agreed', opt_out: 'to members who did not object' } as Readonly<Record<string, string>>,
    quiet: (from: string, until: string) => `quiet from ${from} to ${until}`, cap: (times: string, within: string) => `at most ${times} in any ${within}`,
  },
  endpoints: { title: 'Webhooks', none: 'No address yet. Rules can post to your own systems once one is defined.', change: 'Change addresses' },
  keeping: {
    title: 'What is kept', log: 'Events and decisions', logText: 'For ever: the log proves what was decided. Nothing in it is changed or deleted.',
    personal: 'Personal values', personalText: 'Sealed apart from the log, until a member is erased.', orders: 'Orders, for refunds', days: (days: string) => `${days} days`,
    sessions: 'Signed in', sessionsText: 'For 12 hours, then people sign in again.',
  },
  checkpoints: {
    title: 'Checkpoints', lead: 'With this key anybody checks that the log was not changed.', key: 'Public key', origin: 'Name of the log', places: 'Also left at',
    at: { folder: 'a folder', email: 'an e-mail address', webhook: 'a webhook' } as Readonly<Record<string, string>>, nowhere: 'nowhere yet: whoever runs the server can say where',
  },
  versions: { title: 'Versions', release: 'Regulars', language: 'Rule language', layout: 'Layout of the database', matcher: 'Rules are matched by' },
  account: {
    title: 'Your account', name: 'Name', role: 'Role', language: 'Language', theme: 'Look', themes: { light: 'By day', dark: 'By night' },
    password: 'Change password', old: 'Password until now', now: 'New password', nowHint: 'At least 12 characters.', again: 'New password once more',
    differs: 'These two are not the same.', changed: 'Your password is changed. Wherever else you were signed in, you sign in anew.', change: 'Change password',
    wrong: 'That is not your password until now.',
  },
  first: { title: 'Choose your password', lead: 'An administrator has seen the one you signed in with. From now on only you know it.' },
  people: 'People and keys',
}

const zhHans: typeof en = {
  title: '设置', lead: '整个会员计划的设置，以及您自己的设置。',
  readOnly: '这些设置由管理员更改。',
  programme: {
    title: '会员计划', nameEn: '英文名称', nameZh: '中文名称', nameHint: '消息中使用的名称。',
    zone: '时区', zoneHint: '会员计划的时钟；未告知时区的会员也按它计算。', currency: '币种', currencyHint: '三个大写字母，如 CNY。',
    late: '事件超过多少小时算迟到', returns: '订单保留天数', returnsHint: '在此期间退款会收回该订单带来的权益。',
    saved: '会员计划已保存。', save: '保存会员计划', unnamed: '尚未命名',
  },
  approval: { title: '发布前审批', label: '须经另一人批准才能发布', yes: '规则须经另一人批准才能发布。', no: '规则无需另一人批准即可发布。' },
  contact: {
    title: '触达', lead: '多久可以联系会员一次、在什么时段、通过哪些渠道。',
    policies: '频次与时段', noPolicies: '尚无限制：可随时联系会员。', change: '更改触达策略',
    channels: '渠道', changeChannels: '更改渠道', unsubscribe: '退订链接的开头',
    sentBy: { smtp: '由邮件服务器发送', console: '未接通：消息只写入日志' },
    endpoint: (key) => `由网关 ${key} 发送`, consent: { opt_in: '仅发送给已同意的会员', opt_out: '发送给未拒绝的会员' },
    quiet: (from, until) => `${from} 至 ${until} 免打扰`, cap: (times, within) => `任意 ${within}内最多 ${times} 次`,
  },
  endpoints: { title: '回调地址', none: '还没有地址。定义后，规则即可回调您自己的系统。', change: '更改地址' },
  keeping: {
    title: '数据保留', log: '事件与决策', logText: '永久保留：日志用于证明当时的决策，不会被修改或删除。',
    personal: '个人信息', personalText: '与日志分开加密保存，直至抹除会员。', orders: '用于退款的订单', days: (days) => `${days} 天`,
    sessions: '登录有效期', sessionsText: '12 小时，之后须重新登录。',
  },
  checkpoints: {
    title: '检查点', lead: '任何人都可以用此公钥核验日志未被改动。', key: '公钥', origin: '日志名称', places: '同时存放于',
    at: { folder: '文件夹', email: '邮箱', webhook: '回调地址' }, nowhere: '尚未设置，可由服务器的运维人员设置',
  },
  versions: { title: '版本', release: '常客', language: '规则语言', layout: '数据库结构', matcher: '规则匹配方式' },
  account: {
    title: '您的账户', name: '名称', role: '角色', language: '语言', theme: '外观', themes: { light: '浅色', dark: '深色' },
    password: '修改密码', old: '原密码', now: '新密码', nowHint: '至少 12 个字符。', again: '再次输入新密码',
    differs: '两次输入不一致。', changed: '密码已修改。您在其他地方的登录已退出，须重新登录。', change: '修改密码',
    wrong: '原密码不正确。',
  },
  first: { title: '请设置您的密码', lead: '您登录用的密码管理员看到过。从现在起，只有您自己知道密码。' },
  people: '人员与密钥',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
