import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'
import type { Shows } from './api'

const en = {
  title: 'Library', lead: 'Rules that are ready to use: read one, watch its example, and make it yours.',
  search: 'Search the library', searchHint: 'What it is for, an event, a tag, a coupon',
  purpose: 'Purpose', row: 'What it covers', all: 'All',
  shown: (shown: string, total: string) => `${shown} of ${total} rules`,
  noMatch: 'No rule fits', noMatchText: 'Use fewer words, or choose another purpose.',
  adopted: 'Adopted', whenToUse: 'When to use it', toAdapt: 'To adapt', needs: 'What it needs', say: 'In words', about: 'About it',
  allThere: 'Everything that it speaks of is defined already.',
  needsText: 'This rule speaks of things that aren’t defined here yet:',
  kinds: {
    tags: 'Tag', coupons: 'Coupon', templates: 'Template', endpoints: 'Endpoint', attributes: 'Attribute', events: 'Event', units: 'Unit', ladders: 'Ladder',
    memberships: 'Membership', budgets: 'Budget', wheels: 'Wheel', segments: 'Segment', scores: 'Score', campaigns: 'Campaign', queues: 'Queue',
  } as Readonly<Record<string, string>>,
  adopt: 'Adopt', adopting: 'Adopting…', adoptTitle: 'Make it a rule of yours',
  adoptText: 'A draft is made. Nothing happens to members until it is published.',
  adoptReader: 'A marketer or an administrator can adopt it.',
  key: 'Key', withDefinitions: 'Define what it needs, too', open: 'Open the adopted rule',
  example: 'Example', examples: 'Watch it', shows: { fires: 'fires', holds_back: 'doesn’t fire', boundary: 'at the boundary' } as Record<Shows, string>,
  caption: (_: number, shows: string, name: string) => (shows === '' ? name : `${shows}: ${name}`),
  step: 'Next step', everything: 'Show everything', again: 'From the beginning',
  stepOf: (at: number, of: number) => `Step ${at} of ${of}`,
  passes: (time: string) => `${time} pass`, nothing: 'The rule does nothing.', until: 'Nothing more happens until',
  why: 'Why', back: 'Library',
}

const zhHans: typeof en = {
  title: '规则库', lead: '可直接使用的规则：读一读，看它的示例，再变成您自己的。',
  search: '搜索规则库', searchHint: '用途、事件、标签、优惠券',
  purpose: '用途', row: '覆盖的场景', all: '全部',
  shown: (shown, total) => `显示 ${shown} 条，共 ${total} 条规则`,
  noMatch: '没有符合的规则', noMatchText: '少写几个词，或换一个用途。',
  adopted: '已采用', whenToUse: '适用场景', toAdapt: '可调整', needs: '所需的定义', say: '规则内容', about: '说明',
  allThere: '它涉及的内容都已定义。',
  needsText: '这条规则涉及以下尚未定义的内容：',
  kinds: {
    tags: '标签', coupons: '优惠券', templates: '模板', endpoints: '接口地址', attributes: '会员属性', events: '事件', units: '单位', ladders: '等级体系',
    memberships: '会籍', budgets: '预算', wheels: '抽奖', segments: '分群', scores: '评分', campaigns: '活动', queues: '任务队列',
  },
  adopt: '采用', adopting: '正在采用…', adoptTitle: '变成您的规则',
  adoptText: '会生成一份草稿，发布之前不影响任何会员。',
  adoptReader: '营销人员或管理员可以采用这条规则。',
  key: '标识', withDefinitions: '同时创建所需的定义', open: '打开已采用的规则',
  example: '示例', examples: '看它如何运作', shows: { fires: '触发', holds_back: '不触发', boundary: '边界' },
  caption: (number, shows) => (shows === '' ? `示例 ${number}` : `示例 ${number}：${shows}`),
  step: '下一步', everything: '显示全部', again: '从头开始',
  stepOf: (at, of) => `第 ${at} 步，共 ${of} 步`,
  passes: (time) => `过了 ${time}`, nothing: '规则没有动作。', until: '此后直到以下时间没有其他动作：',
  why: '原因', back: '规则库',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
