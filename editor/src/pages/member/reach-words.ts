import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

/** What a member's page says of messages: what may be sent, what waits, what left, and what the member is in the middle of. */
const en = {
  title: 'Marketing messages', allowed: 'welcome', closed: 'not to be sent', agreed: 'agreed', objected: 'objected',
  byPerson: (name: string) => `noted by ${name}`, byLink: 'by the link in a message', bySystem: (source: string) => `told by ${source}`,
  nothingSaid: { opt_in: 'Nothing said; this channel needs consent.', opt_out: 'Nothing said; this channel is open until the member objects.' },
  note: 'Messages of service, such as on an order, are sent in any case.',
  change: 'Change', changeLabel: (channel: string) => `Change: ${channel}`, dialogTitle: (channel: string) => `Marketing by ${channel}`,
  says: 'The member', agrees: 'agrees', objects: 'objects',
  waiting: 'Waiting for quiet hours to end', until: 'until',
  messages: 'Messages', message: 'Message', state: 'State', asked: 'Asked for', rule: 'Rule',
  noMessages: 'No message was asked for yet.', tried: (count: number) => count === 1 ? '1 attempt' : `${count} attempts`, next: 'again at',
  journey: { time: 'goes on', event: 'at the latest', goal: 'Through; followed until', then: 'then', version: (version: number) => `version ${version}` },
}

const zhHans: typeof en = {
  title: '营销消息', allowed: '可发送', closed: '不可发送', agreed: '已同意', objected: '已拒绝',
  byPerson: (name) => `由 ${name} 记录`, byLink: '通过消息中的退订链接', bySystem: (source) => `来源：${source}`,
  nothingSaid: { opt_in: '未表态；该渠道须先同意。', opt_out: '未表态；该渠道在拒绝之前可发送。' },
  note: '订单等服务通知不受此限制。',
  change: '更改', changeLabel: (channel) => `更改：${channel}`, dialogTitle: (channel) => `${channel}营销消息`,
  says: '会员', agrees: '同意', objects: '拒绝',
  waiting: '等待免打扰时段结束', until: '至',
  messages: '消息', message: '消息', state: '状态', asked: '触发于', rule: '规则',
  noMessages: '还没有触发过消息。', tried: (count) => `尝试 ${count} 次`, next: '下次尝试',
  journey: { time: '继续于', event: '最迟', goal: '流程已走完，跟踪目标至', then: '然后', version: (version) => `第 ${version} 版` },
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useReachWords(): typeof en {
  return WORDS[useLanguage().language]
}
