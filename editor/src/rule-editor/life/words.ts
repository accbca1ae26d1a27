import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  pause: 'Pause', resume: 'Resume', versions: 'Versions', paused: 'Paused: nothing starts it, and what waits goes on.', resumed: 'Goes on.',
  versionsTitle: 'Versions of this rule', versionsText: 'Each stays as it was published. Going back publishes what an older one says as a new version.',
  version: (number: number) => `Version ${number}`, inForce: 'newest', publishedBy: (who: string) => `published by ${who}`,
  approvedBy: (who: string) => `approved by ${who}`, digest: 'Digest', asVersion: (number: number) => `says what version ${number} does`,
  changed: (number: number) => `What changed against version ${number}`, first: 'What it says', goBack: 'Go back to this version',
  backTitle: (number: number) => `Go back to version ${number}?`,
  backText: (number: number) => `What it says is in force again, as version ${number}. A draft stays as it is.`,
  difference: 'What becomes different', confirm: 'Go back', needsApprover: 'Where approval is needed, an approver goes back to a version that was approved.',
  start: 'When it starts', now: 'Now', at: 'At', startHint: (zone: string) => `On the programme’s clock (${zone}).`, choose: 'Choose a time that is to come.',
  fixed: (at: string) => `It starts ${at}, as it was approved. For another time, change it in the settings and submit it again.`,
}

const zhHans: typeof en = {
  pause: '暂停', resume: '恢复', versions: '版本', paused: '已暂停：不再触发，等待中的会员继续。', resumed: '已恢复。',
  versionsTitle: '此规则的版本', versionsText: '每个版本发布后不再改变。回退会把旧版本的内容作为新版本发布。',
  version: (number) => `版本 ${number}`, inForce: '最新', publishedBy: (who) => `${who} 发布`,
  approvedBy: (who) => `${who} 批准`, digest: '摘要', asVersion: (number) => `与版本 ${number} 内容相同`,
  changed: (number) => `与版本 ${number} 相比的变更`, first: '内容', goBack: '回退到此版本',
  backTitle: (number) => `回退到版本 ${number}？`,
  backText: (number) => `其内容将作为版本 ${number} 重新生效，草稿保持不变。`,
  difference: '将发生的变更', confirm: '回退', needsApprover: '须审批时，由审批人员回退到已获批准的版本。',
  start: '开始时间', now: '立即', at: '定时', startHint: (zone) => `按品牌所在时区（${zone}）。`, choose: '请选择未来的时间。',
  fixed: (at) => `将于 ${at} 开始，以审批内容为准。如需改期，请在设置中修改后重新提交。`,
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
