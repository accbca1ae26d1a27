import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Tags', lead: 'Who has which tag, what puts it on, and what is to be looked after.',
  views: { overview: 'Overview', together: 'What goes together' },
  search: 'Search', searchHint: 'Name, key or meaning', only: 'Only what is to be looked after', stale: 'Stale after (days)',
  count: (tags: number, findings: number) => `${tags} ${tags === 1 ? 'tag' : 'tags'}, ${findings} to look after`,
  columns: { tag: 'Tag', members: 'Members', last: 'Last put on', uses: 'Used by', action: 'Action' },
  holders: { rule: (count: string) => `${count} by rules`, person: (count: string) => `${count} by hand`, api: (count: string) => `${count} by API` },
  how: { adds: 'adds', removes: 'removes', reads: 'reads' }, draft: 'draft',
  below: (name: string) => `below ${name}`, group: (name: string) => `one of “${name}”`, owner: (name: string) => `Owner: ${name}`,
  mergedInto: (name: string) => `merged into ${name}`, retired: 'retired', notDefined: 'not defined', lookAfter: 'to look after',
  places: (count: number) => `${count} ${count === 1 ? 'place' : 'places'}`,
  define: 'Define tags', empty: 'No tags yet', emptyText: 'Define a tag with its meaning; then rules and people can put it on.', nothing: 'Nothing fits.',
  categories: {
    'user-attribute': 'user attribute', 'product-life-cycle': 'product life cycle', 'user-life-cycle': 'user life cycle',
    'consumer-preference': 'consumer preference', 'user-value': 'user value', channel: 'channel',
  } as Readonly<Record<string, string>>,
  kinds: { static: 'static', dynamic: 'dynamic' },
  merge: 'Merge…', retire: 'Retire…', mergeLabel: (name: string) => `Merge ${name}`, retireLabel: (name: string) => `Retire ${name}`,
  mergeTitle: (name: string) => `Merge “${name}” into another tag`, retireTitle: (name: string) => `Retire “${name}”?`,
  into: 'Into', choose: 'Choose…',
  change: {
    merge: (members: string, gaining: string) => `${members} members have it; ${gaining} of them get the other tag by this. Who put it on, and until when, is kept.`,
    retire: (members: string) => `${members} members have it; it comes off them all, and nothing can put it on again.`,
    rules: 'Rules that name it', definitions: 'Definitions that name it', none: 'Nothing names it.',
    mergeRules: 'They need no change: from now on they mean the other tag.', retireRules: 'What they put on has no effect any more; what they ask for is never true.',
    quiet: 'No rule fires because of it.', forGood: 'This cannot be undone: afterwards nobody can tell whose tag it was.',
  },
  doMerge: 'Merge', doRetire: 'Retire', done: 'It is done. Members follow within moments.',
  together: {
    lead: (members: string, percent: number) => percent < 100 ? `Among ${members} members, ${percent} % of all, taken fairly.` : `Among all ${members} members.`,
    least: 'Members with both, at least', sentence: 'What goes together', lift: 'Lift', confidence: 'Confidence', support: 'Support', members: 'Members',
    empty: 'No tags go together yet', emptyText: 'More members with several tags are needed, or a smaller least number.',
    note: 'Support: part of all members who have all of them. Confidence: part of those with the first who have the last. Lift: how many times as likely that is as for anybody. It shows what occurs together, not what causes what.',
  },
}

const zhHans: typeof en = {
  title: '标签', lead: '谁拥有哪些标签、由什么打上、哪些需要治理。',
  views: { overview: '总览', together: '标签关联' },
  search: '搜索', searchHint: '名称、标识或含义', only: '只看需要治理的', stale: '多少天未更新视为陈旧',
  count: (tags, findings) => `${tags} 个标签，${findings} 项需要治理`,
  columns: { tag: '标签', members: '会员数', last: '最近打上', uses: '被引用', action: '操作' },
  holders: { rule: (count) => `规则 ${count}`, person: (count) => `人工 ${count}`, api: (count) => `接口 ${count}` },
  how: { adds: '添加', removes: '移除', reads: '读取' }, draft: '草稿',
  below: (name) => `上级：${name}`, group: (name) => `互斥组“${name}”`, owner: (name) => `负责人：${name}`,
  mergedInto: (name) => `已合并到 ${name}`, retired: '已停用', notDefined: '未定义', lookAfter: '需治理',
  places: (count) => `${count} 处`,
  define: '定义标签', empty: '还没有标签', emptyText: '先定义标签并写明含义，规则和员工才能打上它。', nothing: '没有符合条件的标签。',
  categories: {
    'user-attribute': '用户属性', 'product-life-cycle': '产品生命周期', 'user-life-cycle': '用户生命周期',
    'consumer-preference': '消费偏好', 'user-value': '用户价值', channel: '渠道',
  },
  kinds: { static: '静态', dynamic: '动态' },
  merge: '合并…', retire: '停用…', mergeLabel: (name) => `合并 ${name}`, retireLabel: (name) => `停用 ${name}`,
  mergeTitle: (name) => `将“${name}”合并到其他标签`, retireTitle: (name) => `停用“${name}”？`,
  into: '合并到', choose: '请选择…',
  change: {
    merge: (members, gaining) => `${members} 位会员拥有该标签，其中 ${gaining} 位将因此获得目标标签。由谁打上、有效期至何时均保留。`,
    retire: (members) => `${members} 位会员拥有该标签，将全部移除，且不能再打上。`,
    rules: '引用它的规则', definitions: '引用它的定义', none: '没有任何引用。',
    mergeRules: '无需修改：此后它们均指目标标签。', retireRules: '添加动作不再生效，读取条件不再成立。',
    quiet: '不会因此触发任何规则。', forGood: '合并不可撤销：之后无法区分原来的标签。',
  },
  doMerge: '合并', doRetire: '停用', done: '已完成，会员数据将很快更新。',
  together: {
    lead: (members, percent) => percent < 100 ? `基于 ${members} 位会员（全体的 ${percent}%，均匀抽取）。` : `基于全部 ${members} 位会员。`,
    least: '同时拥有的最少人数', sentence: '关联', lift: '提升度', confidence: '置信度', support: '支持度', members: '会员数',
    empty: '还没有关联的标签', emptyText: '需要更多拥有多个标签的会员，或降低最少人数。',
    note: '支持度：同时拥有这些标签的会员占全体的比例。置信度：拥有前者的会员中拥有后者的比例。提升度：相对全体会员的倍数。关联不代表因果。',
  },
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
