import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Home', lead: (day: string) => `How the programme is today, ${day}.`,
  notComplete: 'The newest events are still being counted; the figures follow by themselves.',
  needs: 'What needs you', nothing: 'Nothing is waiting for anybody.',
  approvals: (count: string) => `Waiting for approval: ${count}`,
  submittedBy: (by: string) => `submitted by ${by}`,
  review: 'Review', moreSubmitted: 'All that wait',
  dead: (count: string) => `Messages and calls given up: ${count}`, deadText: 'They were tried again and again. Look why, mend it, and send them again.', deadAction: 'See them',
  putOff: (count: string) => `Members whose timers failed: ${count}`, putOffText: 'They are tried again every few minutes. The server\'s log says why.',
  low: 'Running out', lowAction: 'Raise it', lowKinds: { budget: 'Budget', coupon: 'Coupon stock', prize: 'Prize stock' },
  used: (percent: number, left: string) => `${percent}% given out, ${left} left`,
  emptyAt: 'empty at this pace:', counts: { points: (value: string) => `${value} points`, firings: (value: string) => `${value} firings` },
  drafts: 'Your drafts', draftsLead: 'Not submitted, not published.', changed: 'changed',
  today: 'Today so far', beside: 'Beside each: yesterday up to the same time.',
  names: {
    fired: 'Rules fired', held_back: 'Held back', events: 'Events', sent: 'Messages sent', failed: 'Messages given up', suppressed: 'Messages not sent',
    coupons_issued: 'Coupons issued', coupons_redeemed: 'Coupons redeemed',
  },
  units: { earned: 'earned', redeemed: 'redeemed', expired: 'expired', taken_back: 'taken back', given_back: 'given back' },
  yesterday: (count: string) => `yesterday ${count}`, change: (percent: string, count: string) => `${percent} · yesterday ${count}`,
  rules: 'Busiest rules today', rulesLead: 'Those that fired most.', noRules: 'No rule has fired today.', times: (count: string) => `${count}×`,
  days: 'The last 30 days', show: 'Show', day: 'Day',
  series: { fired: 'Rules fired', events: 'Events', sent: 'Messages sent', coupons_issued: 'Coupons issued', points: 'Points earned' },
  chart: (series: string, from: string, to: string) => `${series} a day from ${from} to ${to}`,
  chartMost: (count: string, day: string) => `most on ${day}: ${count}`, chartNone: 'none at all', asTable: 'The same as a table',
  fresh: 'Nothing has happened yet',
  freshText: 'Your shop tells what happens, rules answer it. Three steps, and this page tells how it goes:',
  steps: {
    key: 'Make an API key, or ask an administrator for one, and post a first event with it:',
    rule: 'Take a rule from the library and adapt it, or write one of your own.', ruleLibrary: 'Open the library', ruleOwn: 'Write a rule',
    publish: 'Publish it, post another event, and see here, and at the member, what came of it.',
  },
}

const zhHans: typeof en = {
  title: '首页', lead: (day) => `今天（${day}）会员计划的运行情况。`,
  notComplete: '最新事件仍在统计中，数字会自动更新。',
  needs: '待您处理', nothing: '目前没有待处理的事项。',
  approvals: (count) => `待审批：${count}`,
  submittedBy: (by) => `${by} 提交`,
  review: '去审批', moreSubmitted: '查看全部',
  dead: (count) => `已放弃的消息和调用：${count}`, deadText: '多次重试后仍未成功。请查明原因，处理后重新发送。', deadAction: '查看',
  putOff: (count) => `定时处理失败的会员：${count}`, putOffText: '系统每隔几分钟会自动重试，原因见服务器日志。',
  low: '即将用尽', lowAction: '去调整', lowKinds: { budget: '预算', coupon: '优惠券库存', prize: '奖品库存' },
  used: (percent, left) => `已发放 ${percent}%，剩余 ${left}`,
  emptyAt: '按目前速度用尽时间：', counts: { points: (value) => `${value} 积分`, firings: (value) => `${value} 次` },
  drafts: '我的草稿', draftsLead: '尚未提交，也未发布。', changed: '修改于',
  today: '今日至今', beside: '对比：昨日同一时间为止。',
  names: {
    fired: '规则触发', held_back: '被拦下', events: '事件', sent: '已发送消息', failed: '已放弃消息', suppressed: '未发送消息',
    coupons_issued: '已发优惠券', coupons_redeemed: '已核销优惠券',
  },
  units: { earned: '获得', redeemed: '使用', expired: '过期', taken_back: '收回', given_back: '退还' },
  yesterday: (count) => `昨日 ${count}`, change: (percent, count) => `${percent} · 昨日 ${count}`,
  rules: '今日最活跃的规则', rulesLead: '触发次数最多的规则。', noRules: '今天还没有规则触发。', times: (count) => `${count} 次`,
  days: '最近 30 天', show: '显示', day: '日期',
  series: { fired: '规则触发', events: '事件', sent: '已发送消息', coupons_issued: '已发优惠券', points: '获得积分' },
  chart: (series, from, to) => `${from}至${to}每日${series}`,
  chartMost: (count, day) => `最多的是${day}：${count}`, chartNone: '均为零', asTable: '以表格显示',
  fresh: '还没有任何事件',
  freshText: '商城上报发生的事件，规则作出响应。完成以下三步，即可在此查看运行情况：',
  steps: {
    key: '创建 API 密钥（或向管理员索取），上报第一个事件：',
    rule: '从规则库选一条规则加以修改，或自己写一条。', ruleLibrary: '打开规则库', ruleOwn: '新建规则',
    publish: '发布规则，再上报一个事件，然后在此处和会员页查看结果。',
  },
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
