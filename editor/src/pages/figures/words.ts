import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  campaigns: 'Campaigns', campaignsLead: 'Rules that run together, and what came of them.',
  campaign: 'Campaign', when: 'When', state: 'State', rules: 'Rules', reached: 'Members reached', owner: 'Owner',
  states: { planned: 'planned', running: 'running', ended: 'over' },
  none: 'No campaigns yet', noneText: 'Define a campaign, and choose it in the settings of the rules that belong to it.', define: 'Define a campaign',
  notComplete: 'The newest events are still being counted; look again in a moment.',
  funnel: 'From reach to revenue', delivered: 'Messages delivered', opened: 'Messages opened', issued: 'Coupons issued', redeemed: 'Coupons redeemed',
  orders: 'Orders with a coupon', revenue: 'Revenue of these orders', ofReached: (share: string) => `${share} of those reached`,
  ofBefore: (share: string) => `${share} of the step before`,
  waiting: (count: string) => `${count} waiting`, dead: (count: string) => `${count} failed`, suppressed: (count: string) => `${count} suppressed`,
  goal: (event: string, days: number) => `Goal: “${event}” within ${days} days`, goalMembers: 'Members who did it', goalTimes: 'Times', goalRevenue: 'Revenue',
  cost: 'Cost', points: 'Points', coupons: 'Coupons', prizes: 'Prizes', messages: 'Messages', total: 'In all', roi: 'Return on cost', noCost: 'nothing was spent',
  budget: 'Budget left', noBudget: 'no budget', ofLimit: (limit: string) => `of ${limit}`,
  worked: 'Did it work?', verdicts: { works: 'it works', harms: 'it does harm', open: 'not clear yet', 'too-few': 'not enough data yet' },
  conversion: 'Difference in conversion', margin: 'Margin by member, cost taken off', aside: 'Kept aside', pointsOf: (value: string) => `${value} points`,
  interval: (low: string, high: string) => `95 % interval: ${low} to ${high}`,
  rule: 'Rule', fired: 'Fired', heldOut: 'Kept aside', limited: 'Held by a limit', pointsGiven: 'Points given', paused: 'paused',
  counted: 'What is counted', notCounted: 'What is not',
  figures: 'Figures', figuresLead: 'How the programme does, each figure with what it means.',
  from: 'From', to: 'To, with this day', segment: 'Segment', tag: 'Tag', tier: 'Level', everybody: 'Everybody',
  beside: 'Beside it', besides: { '': 'Nothing', before: 'The period before', everybody: 'Everybody' }, figure: 'Figure', value: 'Value', meaning: 'What it means',
  withoutAmount: (count: string, currency: string) => `${count} orders have no amount in ${currency}; they count as orders only.`,
  about: (about: string, low: string, high: string) => `about ${about} members (${low}–${high}), counting…`,
  exactly: (members: string) => `${members} members, right now`, counting: 'counting the members…',
}

const zhHans: typeof en = {
  campaigns: '活动', campaignsLead: '一起运行的规则，以及它们的成效。',
  campaign: '活动', when: '时间', state: '状态', rules: '规则', reached: '触达会员', owner: '负责人',
  states: { planned: '未开始', running: '进行中', ended: '已结束' },
  none: '还没有活动', noneText: '先定义一个活动，再在所属规则的设置里选择它。', define: '定义活动',
  notComplete: '最新事件仍在统计中，请稍后再看。',
  funnel: '从触达到收入', delivered: '已送达消息', opened: '已打开消息', issued: '已发优惠券', redeemed: '已核销优惠券',
  orders: '用券订单', revenue: '用券订单收入', ofReached: (share) => `占触达会员 ${share}`,
  ofBefore: (share) => `占上一步 ${share}`,
  waiting: (count) => `${count} 条待发`, dead: (count) => `${count} 条失败`, suppressed: (count) => `${count} 条被拦截`,
  goal: (event, days) => `目标：${days} 天内“${event}”`, goalMembers: '达成会员', goalTimes: '次数', goalRevenue: '收入',
  cost: '成本', points: '积分', coupons: '优惠券', prizes: '奖品', messages: '消息', total: '合计', roi: '投入回报率', noCost: '尚无支出',
  budget: '预算余额', noBudget: '未设预算', ofLimit: (limit) => `共 ${limit}`,
  worked: '是否有效？', verdicts: { works: '有效', harms: '有负面影响', open: '尚不明确', 'too-few': '数据不足' },
  conversion: '转化率差异', margin: '人均毛利（已扣成本）', aside: '对照组', pointsOf: (value) => `${value} 个百分点`,
  interval: (low, high) => `95% 区间：${low} 至 ${high}`,
  rule: '规则', fired: '触发', heldOut: '对照', limited: '受限', pointsGiven: '发放积分', paused: '已暂停',
  counted: '统计口径', notCounted: '未计入',
  figures: '指标', figuresLead: '会员计划的经营状况，每个指标都附有定义。',
  from: '开始日', to: '结束日（含当日）', segment: '分群', tag: '标签', tier: '等级', everybody: '全部会员',
  beside: '对照', besides: { '': '无', before: '上一周期', everybody: '全部会员' }, figure: '指标', value: '数值', meaning: '定义',
  withoutAmount: (count, currency) => `${count} 单没有 ${currency} 金额，只计单数。`,
  about: (about, low, high) => `约 ${about} 名会员（${low}–${high}），统计中…`,
  exactly: (members) => `当前 ${members} 名会员`, counting: '正在统计会员…',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
