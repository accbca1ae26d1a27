import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Tasks', lead: 'What rules ask the staff to do, oldest first.',
  status: 'Status', states: { open: 'Open', done: 'Done' },
  queue: 'Queue', allQueues: 'All queues', waiting: (queue: string, open: string) => `${queue} (${open})`, workedBy: (who: string) => `worked by ${who}`, high: 'High priority',
  task: 'To do', member: 'Member', rule: 'Rule', since: 'Asked for', action: 'Action', doneBy: (who: string) => `done by ${who}`,
  finish: 'Done…', finishLabel: (note: string) => `Done: ${note}`, finishTitle: 'What came of it?', answer: 'Answer', answerHint: 'Rules may read it, and it is kept in the log.',
  finished: 'The task is done.',
  empty: 'Nothing to do', emptyText: 'A rule with the action “Open task” puts a task here, for instance to call a member who has not come for long.',
  noneDone: 'Nothing was done yet', noneDoneText: 'Tasks that are done are listed here, with who did them.',
}

const zhHans: typeof en = {
  title: '任务', lead: '规则交给员工的事项，最早的在前。',
  status: '状态', states: { open: '待办', done: '已完成' },
  queue: '队列', allQueues: '全部队列', waiting: (queue, open) => `${queue}（${open}）`, workedBy: (who) => `由 ${who} 处理`, high: '优先',
  task: '事项', member: '会员', rule: '规则', since: '创建于', action: '操作', doneBy: (who) => `由 ${who} 完成`,
  finish: '完成…', finishLabel: (note) => `完成：${note}`, finishTitle: '结果如何？', answer: '结果', answerHint: '规则可以读取，并会记入日志。',
  finished: '任务已完成。',
  empty: '没有待办', emptyText: '带有“创建任务”动作的规则会把事项放在这里，例如回访久未光临的会员。',
  noneDone: '还没有完成的任务', noneDoneText: '完成的任务会列在这里，并注明由谁完成。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
