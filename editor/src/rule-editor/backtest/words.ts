import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'
import type { BacktestStatus, Others, Side } from './api'

const en = {
  lead: 'What the rule, as it stands here, would have done with what really happened. Nothing is written or sent.',
  period: 'Period', last: (days: number) => `Last ${days} days`, chosen: 'Days to choose', from: 'From', to: 'To, with this day',
  wrongWay: 'The period ends before it begins. Choose other days.',
  others: 'The other rules', otherwise: { as_they_were: 'as they were at each time', as_they_are: 'as they are today', none: 'none: this rule alone' } satisfies Record<Others, string>,
  start: 'Start back-test', starting: 'Starting…', onlyAuthors: 'Back-tests are started by who writes rules; their results are for everybody.',
  earlier: 'Back-test', byAt: (who: string, at: string) => `${at}, ${who}`, none: 'No back-test of this rule yet.',
  status: { running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled', interrupted: 'interrupted' } satisfies Record<BacktestStatus, string>,
  progress: 'Entries checked', checked: (checked: string, of: string) => `${checked} of ${of} entries checked`, cancel: 'Cancel',
  checkedAgain: (checked: string, of: string) => `Something scarce was wanted by more than there was of it, so all is decided once more in the order of the log: ${checked} of ${of} entries`,
  leave: 'You may leave this page: it goes on, and is found here again.',
  failed: 'Something went wrong while it ran; the server’s log says what. Start it again.',
  cancelled: 'It was cancelled before it was through.',
  interrupted: 'The server stopped while it ran. Start it again.',
  notReady: 'To be fixed first',
  changed: 'The rule has changed since. Start again to see what it would do now.',
  nothing: 'Nothing was recorded in this period. Choose a longer one.',
  headline: (days: string, members: string, times: string, cost: string) => `In these ${days} days it would have matched ${members} members ${times} times, and cost ${cost}.`,
  nobody: (days: string) => `In these ${days} days it would have matched nobody.`,
  looked: (entries: string, members: string) => `${entries} events of ${members} members were looked at.`,
  couponsAsRedeemed: 'Coupons cost as if every one were redeemed.',
  beside: 'Beside what really happened', sides: { now: 'gained', then: 'lost', both: 'unchanged' } satisfies Record<Side, string>,
  members: 'Members', days: 'By day', day: 'Day', fired: 'Matches', effects: 'Effects', cost: 'Cost', asTable: 'As a table', count: 'Times', kind: 'Kind',
  chart: 'Matches and cost by day', segments: 'By segment', segment: 'Segment', noSegment: 'in no segment',
  load: 'Messages', channel: 'Channel', own: 'This rule', all: 'All rules', busiest: 'Busiest day', ownOf: (all: string, own: string) => `${all}, ${own} of them by this rule`,
  peak: (day: string, messages: string, members: string, most: string) => `Busiest of all: ${day}, ${messages} messages to ${members} members, at most ${most} to one.`,
  cap: (policy: string, times: string, within: string) => `${policy}: at most ${times} in ${within}.`,
  capped: (count: string) => `A frequency cap held back ${count} messages that day.`, cappedNone: 'No message was held back by a frequency cap that day.',
  held: 'Held back', reason: 'Reason', samples: 'Some of these members', why: 'Why',
  overlap: 'Overlap with other rules', showAll: (count: string) => `Show all ${count}`, rule: 'Rule', both: 'Same members', moments: 'Same moment',
}

const zhHans: typeof en = {
  lead: '按当前草稿，用真实记录推演此规则会做什么；不会写入或发送任何内容。',
  period: '时间段', last: (days) => `最近 ${days} 天`, chosen: '自选日期', from: '开始日', to: '结束日（含当日）',
  wrongWay: '结束日早于开始日，请重新选择。',
  others: '其他规则', otherwise: { as_they_were: '按各时刻当时的版本', as_they_are: '按今天的版本', none: '不考虑：只看此规则' },
  start: '开始回测', starting: '正在开始…', onlyAuthors: '回测由编写规则的人发起，结果所有人可看。',
  earlier: '回测记录', byAt: (who, at) => `${at}，${who}`, none: '此规则还没有回测。',
  status: { running: '进行中', done: '已完成', failed: '失败', cancelled: '已取消', interrupted: '已中断' },
  progress: '已检查的记录', checked: (checked, of) => `已检查 ${checked} / ${of} 条记录`, cancel: '取消',
  checkedAgain: (checked, of) => `有限的资源不够分配，因此按记录顺序再推演一遍：${checked} / ${of} 条记录`,
  leave: '可以离开此页：回测会继续进行，回来仍可看到。',
  failed: '运行时出错，原因见服务器日志。请重新开始。',
  cancelled: '未完成即被取消。',
  interrupted: '运行期间服务器停止了。请重新开始。',
  notReady: '请先修正',
  changed: '此后规则已有改动。重新回测可看改动后的结果。',
  nothing: '此时间段内没有记录。请选择更长的时间段。',
  headline: (days, members, times, cost) => `在这 ${days} 天内，会匹配 ${members} 位会员共 ${times} 次，成本 ${cost}。`,
  nobody: (days) => `在这 ${days} 天内，不会匹配任何会员。`,
  looked: (entries, members) => `共查看 ${members} 位会员的 ${entries} 个事件。`,
  couponsAsRedeemed: '优惠券成本按全部核销计算。',
  beside: '与实际发生的对比', sides: { now: '新增', then: '减少', both: '不变' },
  members: '会员', days: '按日', day: '日期', fired: '匹配次数', effects: '效果', cost: '成本', asTable: '以表格查看', count: '次数', kind: '类型',
  chart: '每日匹配次数与成本', segments: '按分群', segment: '分群', noSegment: '不在任何分群',
  load: '消息量', channel: '渠道', own: '此规则', all: '全部规则', busiest: '最忙的一天', ownOf: (all, own) => `${all} 条，其中此规则 ${own} 条`,
  peak: (day, messages, members, most) => `合计最忙：${day}，向 ${members} 位会员发送 ${messages} 条消息，单人最多 ${most} 条。`,
  cap: (policy, times, within) => `${policy}：${within}内最多 ${times} 条。`,
  capped: (count) => `当天有 ${count} 条消息因频次上限被拦截。`, cappedNone: '当天没有消息因频次上限被拦截。',
  held: '未执行的原因', reason: '原因', samples: '部分会员', why: '原因',
  overlap: '与其他规则的重叠', showAll: (count) => `显示全部 ${count} 条`, rule: '规则', both: '相同会员', moments: '同一时刻',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
