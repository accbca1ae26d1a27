import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

/** What a member's page says of erasing the member, and of handing over everything about it. */
const en = {
  title: 'Right to know, right to be forgotten',
  export: 'Download everything', exportNote: 'One file with everything that is kept about this member, personal values in the clear. It is noted that you asked for it.',
  erase: 'Erase member', asks: (id: string) => `Erase ${id}?`, submit: 'Erase for ever', chip: 'Erased',
  goes: 'This is deleted, and cannot be brought back:',
  gone: [
    'every personal value, such as name, phone and address, and the key that opens them',
    'every name by which the member is known: nobody is found by them any more',
    'points, coupons, levels, memberships and tags: they lapse',
    'what waits: journeys, messages, open tasks, and the consent to marketing',
  ],
  parts: (keys: string) => `The members that were merged into this one go with it: ${keys}.`,
  stays: 'The log stays, under tokens that stand for nobody. Whoever comes back is a new member.',
  why: 'Reason', whyHint: 'It stays in the log for ever: write the number of the request, not a name.',
  erased: (by: string) => `Erased by ${by}`, decision: 'Entry in the log',
  erasedNote: 'Nothing personal is kept of this member any more. What is left is what happened, under tokens that stand for nobody.',
}

const zhHans: typeof en = {
  title: '知情权与被遗忘权',
  export: '下载全部信息', exportNote: '一个文件，包含该会员的全部信息，个人信息为明文。下载会留下记录。',
  erase: '抹除会员', asks: (id) => `抹除 ${id}？`, submit: '永久抹除', chip: '已抹除',
  goes: '以下内容将被删除，无法恢复：',
  gone: [
    '所有个人信息（姓名、手机号、地址等）及其密钥',
    '识别该会员的所有身份：此后无法再据此找到他',
    '积分、优惠券、等级、会籍和标签：全部失效',
    '等待中的内容：流程、消息、未完成的任务，以及营销同意',
  ],
  parts: (keys) => `已并入该会员的会员也一并抹除：${keys}。`,
  stays: '日志仍会保留，但其中的代号不再对应任何人。此人再次到来时视为新会员。',
  why: '原因', whyHint: '会永久留在日志中：请填写申请编号，不要写姓名。',
  erased: (by) => `由 ${by} 抹除`, decision: '日志记录',
  erasedNote: '该会员的个人信息已全部删除。留下的只是发生过的事，其中的代号不再对应任何人。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function usePersonalWords(): typeof en {
  return WORDS[useLanguage().language]
}
