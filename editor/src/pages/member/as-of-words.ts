import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

/** What a member's page says where it shows the member as it was. */
const en = {
  title: 'As it was on', at: 'Day and time', show: 'Show', now: 'this moment', known: 'as known on', comma: ', ', back: 'Back to now',
  left: 'Sent messages, and what can be done by hand, are there for now only.',
  knownTitle: 'As known on another day', knownAt: 'Recorded by',
  knownHint: 'An event can reach us days after it happened. With an instant here, only what had been recorded by then counts.',
  early: 'Nothing was known of this member then. Choose a later instant, or ask for one whom there is.',
  future: 'That instant has yet to come, or it can’t be read. Choose one that is over.',
  personal: 'Masked. A value is shown only if it is still the same today; older ones aren’t kept.',
}

const zhHans: typeof en = {
  title: '当时状态：', at: '日期和时间', show: '查看', now: '此刻', known: '按当时已知：', comma: '，', back: '返回现在',
  left: '已发送的消息和人工操作只能在当前页面查看。',
  knownTitle: '按另一天已知的情况', knownAt: '记录截止',
  knownHint: '事件可能在发生几天后才到达。填写后，只计入当时已经记录的内容。',
  early: '当时还没有这位会员的任何记录。请选择之后的时间，或查看其他会员。',
  future: '这个时间还没有到，或无法识别。请选择已过去的时间。',
  personal: '已遮盖。只有至今未变的内容才会显示，旧的内容不保留。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useAsOfWords(): typeof en {
  return WORDS[useLanguage().language]
}
