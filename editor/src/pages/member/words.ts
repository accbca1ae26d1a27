import { spoken, useLanguage } from '../../core/language'
import type { CouponState, Language, PostingKind } from '../../core/types'

/** What a member's page says of what the programme gave, and of what is done by hand. */
const en = {
  views: { timeline: 'Timeline', ledger: 'Ledger', coupons: 'All coupons', messages: 'Messages' },
  show: 'Show', whyOpen: 'Why did a rule (not) fire?',
  balances: 'Balances', available: 'can be spent', pending: (amount: string) => `${amount} later`, held: (amount: string) => `${amount} set aside`,
  debt: (amount: string) => `${amount} owed`, expiring: (amount: string) => `${amount} expire`, noEnd: 'Nothing expires.',
  coupons: 'Coupons', noCoupons: 'No coupons.', noneEver: 'No coupon was ever given.',
  ended: (count: number) => count === 1 ? '1 expired coupon' : `${count} expired coupons`,
  states: { issued: 'Valid', held: 'Set aside', redeemed: 'Used', expired: 'Expired', voided: 'Withdrawn' } satisfies Record<CouponState, string> as Record<CouponState, string>,
  issued: 'issued', expires: 'expires', expired: 'expired', noExpiry: 'no end',
  code: 'Code', coupon: 'Coupon', state: 'State', order: 'Order', ends: 'Ends', given: 'Given',
  segments: 'Segments', levels: 'Levels', below: 'No level yet', since: 'since', until: 'until', byHand: 'set by hand', grace: 'in grace',
  toNext: (missing: string, level: string) => `${missing} more to ${level}`, top: 'The highest level is reached.',
  memberships: 'Memberships', noMemberships: 'No membership.',
  ledger: {
    note: 'Newest first. Nothing is ever changed here: a correction is a line of its own.', empty: 'Nothing was posted yet.', all: 'All units', unit: 'Unit',
    when: 'When', what: 'What', amount: 'Amount', why: 'Why', decision: 'Decision',
    kinds: {
      award: 'Given', activate: 'Can be spent now', hold: 'Set aside', release: 'No longer set aside', redeem: 'Spent', expire: 'Expired', reverse: 'Taken back',
      overdraw: 'Became owed', repay: 'Debt repaid', restore: 'Given back', merge: 'Merged',
    } satisfies Record<PostingKind, string> as Record<PostingKind, string>,
    parts: { '': '', pending: 'not to be spent yet', held: 'set aside', debt: 'owed' } as Readonly<Record<string, string>>,
  },
  hand: {
    adjust: 'Give or take', level: 'Set level', membership: 'Give or end', coupon: 'Give a coupon', void: 'Withdraw', tag: 'Put a tag on', untag: 'Take off', untagLabel: (name: string) => `Take off: ${name}`,
    untagText: 'comes off, whoever holds it.',
    titles: {
      adjust: 'Give or take units', level: 'Set a level', membership: 'Give or end a membership', coupon: 'Give a coupon', void: 'Withdraw this coupon?',
      tag: 'Put a tag on', untag: 'Take this tag off?',
    },
    direction: 'What to do', give: 'give', take: 'take', amount: 'How many', money: 'Amount', unit: 'Unit', ladder: 'Levels', tier: 'Level', nobody: 'below the first',
    until: 'Until', untilHint: 'Empty: until it is earned or lost anew', lasts: 'Empty: as long as defined', end: 'end now', start: 'give or renew',
    which: 'Which', why: 'Reason', whyHint: 'It is kept in the log, and cannot be changed later.', submit: 'Do it', done: 'It is done.', none: 'Nothing of this kind is defined yet.',
    refused: 'It was refused.',
  },
  told: (source: string) => `told by ${source}`,
  merged: { title: 'Merged members', askedFor: (asked: string, id: string) => `${asked} is a part of ${id}.` },
  duplicates: {
    title: (count: number) => count === 1 ? '1 possible duplicate' : `${count} possible duplicates`,
    note: 'They share a name, such as a phone number. A family may, too: decide only if you know. A merge cannot be undone.',
    merge: 'Merge', two: 'They are two', reason: 'Reason', why: (one: string, other: string) => `Why ${one} and ${other} are one`,
    kinds: { phone: 'same phone', email: 'same e-mail', openid: 'same open id', unionid: 'same union id', anonymous_id: 'same device' } as Readonly<Record<string, string>>,
  },
}

const zhHans: typeof en = {
  views: { timeline: '时间线', ledger: '账目', coupons: '全部优惠券', messages: '消息' },
  show: '查看', whyOpen: '规则为何（未）触发？',
  balances: '余额', available: '可用', pending: (amount) => `待生效 ${amount}`, held: (amount) => `已冻结 ${amount}`,
  debt: (amount) => `欠 ${amount}`, expiring: (amount) => `${amount} 到期于`, noEnd: '没有即将到期的。',
  coupons: '优惠券', noCoupons: '没有优惠券。', noneEver: '从未发放过优惠券。',
  ended: (count) => `${count} 张已过期的优惠券`,
  states: { issued: '有效', held: '已冻结', redeemed: '已使用', expired: '已过期', voided: '已作废' },
  issued: '发放于', expires: '到期于', expired: '过期于', noExpiry: '无期限',
  code: '券码', coupon: '优惠券', state: '状态', order: '订单', ends: '到期', given: '发放',
  segments: '分群', levels: '等级', below: '暂无等级', since: '自', until: '至', byHand: '人工设置', grace: '宽限期内',
  toNext: (missing, level) => `距${level}还差 ${missing}`, top: '已是最高等级。',
  memberships: '会籍', noMemberships: '没有会籍。',
  ledger: {
    note: '最新的在前。账目从不修改：更正也是新的一笔。', empty: '还没有账目。', all: '全部单位', unit: '单位',
    when: '时间', what: '内容', amount: '数量', why: '原因', decision: '决策',
    kinds: {
      award: '发放', activate: '转为可用', hold: '冻结', release: '解除冻结', redeem: '使用', expire: '到期', reverse: '收回',
      overdraw: '记为欠额', repay: '偿还欠额', restore: '返还', merge: '合并',
    },
    parts: { '': '', pending: '待生效', held: '已冻结', debt: '欠额' },
  },
  hand: {
    adjust: '增减', level: '设置等级', membership: '赠送或终止', coupon: '发放优惠券', void: '作废', tag: '打标签', untag: '移除', untagLabel: (name) => `移除：${name}`,
    untagText: '将被移除，无论由谁打上。',
    titles: { adjust: '增减数量', level: '设置等级', membership: '赠送或终止会籍', coupon: '发放优惠券', void: '作废这张优惠券？', tag: '打标签', untag: '移除该标签？' },
    direction: '操作', give: '增加', take: '扣减', amount: '数量', money: '金额', unit: '单位', ladder: '等级体系', tier: '等级', nobody: '无等级',
    until: '截止', untilHint: '留空：直到按规则升降', lasts: '留空：按会籍的有效期', end: '立即终止', start: '赠送或续期',
    which: '选择', why: '原因', whyHint: '会记入日志，以后不能更改。', submit: '执行', done: '已完成。', none: '还没有定义这类内容。',
    refused: '已被拒绝。',
  },
  told: (source: string) => `来源：${source}`,
  merged: { title: '已合并的会员', askedFor: (asked: string, id: string) => `${asked} 已并入 ${id}。` },
  duplicates: {
    title: (count: number) => `${count} 组疑似重复会员`,
    note: '他们共用某个身份，例如手机号。家人也可能共用：确认后再合并，合并不可撤销。',
    merge: '合并', two: '不是同一人', reason: '原因', why: (one: string, other: string) => `为何 ${one} 与 ${other} 是同一人`,
    kinds: { phone: '手机号相同', email: '邮箱相同', openid: 'OpenID 相同', unionid: 'UnionID 相同', anonymous_id: '设备相同' },
  },
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
