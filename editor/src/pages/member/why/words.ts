import { spoken, useLanguage } from '../../../core/language'
import type { Language } from '../../../core/types'

/** What the answer to "why did a rule (not) fire" says. */
const en = {
  title: 'Why did a rule fire, or not?', close: 'Close',
  rule: 'Rule', ruleHint: 'Part of its name, then choose', unknown: 'No published rule has this name. Choose one from the list.',
  day: 'Day', dayHint: 'Empty: now', exactly: 'Asked about the instant', wholeDay: 'Ask about the whole day',
  choose: 'Choose a rule to see every condition with what it read.', noRules: 'No rule is published yet.',
  fired: 'It fired', not: 'It did not fire', change: 'What would have to change', why: 'Everything that decides it, in order',
  supposed: 'The rule was not asked then. This is what would come of it if what starts it came then.',
  wouldFire: 'Everything else holds: it would fire as soon as what starts it comes.',
  version: (version: number) => `version ${version}`, inForce: 'In force then', nothing: 'none', asked: 'Last asked', never: 'Never, up to then',
  decision: 'The decision', another: (member: string) => `Then, this was a part of ${member}: that is who is told of.`,
  notReached: 'not asked: something before it is in the way', assumed: 'taken to be there', first: 'In the way',
  errors: {
    rule: 'No such rule was ever published.', early: 'Nothing was known of the member then. Ask about a later day.',
    erased: 'The member was erased. Ask about a day before that.',
    future: 'That day has yet to come. Ask about today or a day that is over.',
  },
  read: {
    version: (version: number, since: string) => `version ${version} since ${since}`, later: (at: string) => `published only at ${at}`,
    last: (at: string) => `last on ${at}`, neverHappened: 'it has never happened', due: (at: string) => `due ${at}`, armed: (at: string) => `waiting since ${at}`,
    trueSince: (at: string) => `true since ${at}`, rules: (rules: string) => `rules: ${rules}`,
    from: (at: string) => `from ${at}`, until: (at: string) => `until ${at}`, campaign: (key: string) => `campaign ${key}`,
    delay: (spent: string) => `told ${spent} after it happened`, lateAfter: (hours: number) => `late after ${hours} h`,
    policies: { ignore: 'late events are ignored', fire: 'fires however late', fire_within: 'fires up to a limit' } as Readonly<Record<string, string>>,
    once: 'once per member', entered: (times: number) => (times === 1 ? 'fired once before' : `fired ${times} times before`), waiting: (at: string) => `still in it until ${at}`,
    aside: (percent: number, place: number) => `${percent} of 100 are kept aside: places 0 to ${percent - 1}; the member has place ${place}`,
    asideOfCampaign: (percent: number, place: number) => `of the campaign ${percent} of 100: the member has place ${place}`,
    spent: (fired: number, times: number) => `fired ${fired}, at most ${times}`, since: (at: string) => `counted since ${at}`,
    group: (key: string) => `group ${key}`, total: (total: number) => `at most ${total} for all members`, budget: (key: string) => `budget ${key}`,
    second: 's', minute: 'min', hour: 'h', dayShort: 'd',
    sent: 'would be sent', suppressed: (why: string) => `held back: ${why}`, heldUntil: (at: string) => `waits for quiet hours to end, ${at}`,
  },
}

const zhHans: typeof en = {
  title: '规则为何触发或未触发？', close: '关闭',
  rule: '规则', ruleHint: '输入名称的一部分后选择', unknown: '没有这个名称的已发布规则。请从列表中选择。',
  day: '日期', dayHint: '留空：现在', exactly: '询问的时刻', wholeDay: '改问整天',
  choose: '选择一条规则，查看每个条件及其读到的值。', noRules: '还没有已发布的规则。',
  fired: '已触发', not: '未触发', change: '需要改变什么', why: '依次判定的全部内容',
  supposed: '当时没有判定这条规则。以下是假如触发它的事情当时发生，会有什么结果。',
  wouldFire: '其余全部满足：触发它的事情一发生，就会触发。',
  version: (version) => `第 ${version} 版`, inForce: '当时生效的版本', nothing: '无', asked: '上次判定', never: '截至当时从未判定',
  decision: '查看决策', another: (member) => `当时已并入 ${member}，以下说的是该会员。`,
  notReached: '未判定：前面已有一项不满足', assumed: '假定充足', first: '阻碍在此',
  errors: { rule: '从未发布过这条规则。', early: '当时还没有这位会员的任何记录。请询问之后的日期。', erased: '该会员已被抹除。请询问抹除之前的日期。', future: '这一天还没有到。请询问今天或已过去的日期。' },
  read: {
    version: (version, since) => `第 ${version} 版，自 ${since} 起`, later: (at) => `${at} 才发布`,
    last: (at) => `最近一次：${at}`, neverHappened: '从未发生过', due: (at) => `到期时间：${at}`, armed: (at) => `自 ${at} 起等待`,
    trueSince: (at) => `自 ${at} 起成立`, rules: (rules) => `规则：${rules}`,
    from: (at) => `自 ${at}`, until: (at) => `至 ${at}`, campaign: (key) => `活动 ${key}`,
    delay: (spent) => `发生后 ${spent} 才收到`, lateAfter: (hours) => `超过 ${hours} 小时算迟到`,
    policies: { ignore: '忽略迟到事件', fire: '无论多迟都触发', fire_within: '在限度内触发' },
    once: '每位会员仅一次', entered: (times) => `此前触发过 ${times} 次`, waiting: (at) => `仍在流程中，至 ${at}`,
    aside: (percent, place) => `每 100 人留出 ${percent} 人（0 至 ${percent - 1} 号）为对照组；该会员是 ${place} 号`,
    asideOfCampaign: (percent, place) => `活动每 100 人留出 ${percent} 人；该会员是 ${place} 号`,
    spent: (fired, times) => `已触发 ${fired} 次，上限 ${times} 次`, since: (at) => `自 ${at} 起计`,
    group: (key) => `互斥组 ${key}`, total: (total) => `全体会员共 ${total} 次`, budget: (key) => `预算 ${key}`,
    second: '秒', minute: '分钟', hour: '小时', dayShort: '天',
    sent: '会发送', suppressed: (why) => `未发送：${why}`, heldUntil: (at) => `等到免打扰时段结束（${at}）`,
  },
}

export type WhyWords = typeof en
const WORDS: Record<Language, WhyWords> = spoken(en, zhHans)

export function useWhyWords(): WhyWords {
  return WORDS[useLanguage().language]
}

export const whyWords = WORDS
