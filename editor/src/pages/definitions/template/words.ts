import { spoken, useLanguage } from '../../../core/language'
import type { Language } from '../../../core/types'

/** Every word of the form of a message template. */
const en = {
  purpose: 'Purpose', purposes: { marketing: 'Marketing: may be held back', service: 'Service: always sent' },
  missing: 'A value that is missing', missings: { empty: 'reads as nothing', fail: 'stops the message' },
  texts: 'Texts by language', notWritten: 'not written', faulty: 'something is wrong',
  /** Languages are called as they call themselves. */
  languages: { en: 'English', 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文' } as const,
  subject: 'Subject', body: 'Text', html: 'HTML', htmlHint: 'For e-mail, beside the text. Values are made safe where they are filled in.',
  insert: 'Insert a value', choose: 'Choose…', insertHint: 'It goes to where you last wrote. {{name|instead}} says what stands there if it is missing.',
  groups: { member: 'Member', balance: 'Balances', event: 'Event', coupon: 'Coupon', other: 'Programme' },
  fallback: (language: string) => `Left empty, members with this language get it in ${language}.`,
  needBody: 'Write the text in at least one language.', fix: 'Correct what is marked below.',
  preview: 'How it reads', member: 'For the member', memberHint: 'Personal values are masked.', language: 'In', own: 'the member’s own language',
  noPreview: 'Write the text, and name a member.', source: 'HTML as it is sent',
  lacks: (names: string) => `Not known of this member: ${names}.`, lacksStops: (names: string) => `Not known of this member: ${names}. The message would not be sent.`,
  ofEvent: 'Values of an event or a coupon are only known when it is sent.',
}

const zhHans: typeof en = {
  purpose: '用途', purposes: { marketing: '营销：受触达策略限制', service: '服务通知：始终发送' },
  missing: '缺失的值', missings: { empty: '留空', fail: '不发送该消息' },
  texts: '各语言文字', notWritten: '未填写', faulty: '有误',
  languages: { en: 'English', 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文' },
  subject: '主题', body: '正文', html: 'HTML', htmlHint: '用于邮件，与正文一同发送。填入的值会自动转义。',
  insert: '插入变量', choose: '请选择…', insertHint: '插入到最近输入的位置。{{名称|替代文字}} 可指定缺失时的替代文字。',
  groups: { member: '会员', balance: '余额', event: '事件', coupon: '优惠券', other: '会员计划' },
  fallback: (language) => `留空时，使用该语言的会员会收到${language}。`,
  needBody: '请至少用一种语言填写正文。', fix: '请修正下面标出的内容。',
  preview: '预览', member: '以会员', memberHint: '个人信息已遮盖。', language: '语言', own: '会员自己的语言',
  noPreview: '填写正文并指定一位会员。', source: '发送的 HTML',
  lacks: (names) => `该会员没有：${names}。`, lacksStops: (names) => `该会员没有：${names}。消息将不会发送。`,
  ofEvent: '事件与优惠券的值在发送时才会填入。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useTemplateWords(): typeof en {
  return WORDS[useLanguage().language]
}
