import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Proof', lead: 'That nothing in the log was changed: checked here, and by anybody else without us.',
  forbidden: 'Proofs are for auditors', forbiddenText: 'Ask an auditor or an administrator.',
  checkpoint: 'Newest checkpoint', nothing: 'Nothing is sealed yet', nothingText: 'Entries are sealed some seconds after they were taken in.',
  signed: 'Signed', entries: 'Entries', root: 'Root', key: 'Public key', note: 'The signed note',
  checkpointNote: 'Keep it where nobody who runs this can reach it: then nothing before it can be changed unnoticed.',
  check: 'Check the log', checkText: 'Makes the tree again from the rows, and holds every signed checkpoint against it.',
  verify: 'Check now', checking: (count: string) => `Checking: ${count} entries so far`, failed: 'The check could not be finished. Try again; if it happens again, tell an administrator.',
  sound: 'Nothing was changed', unsound: (count: string) => `${count} wrong rows`,
  found: (entries: string, sealed: string, checkpoints: string) => `${entries} entries, ${sealed} of them sealed, ${checkpoints} checkpoints.`,
  erased: (count: string) => `${count} members were erased; their entries are as they were logged.`,
  row: 'Row', of: 'Member', reason: 'What is wrong', more: (count: string) => `and ${count} more`,
  download: 'A proof for others', downloadText: 'A zip file with records, rules, checkpoints, and a script that checks them.',
  member: 'Member', memberHint: 'Empty: everybody', from: 'Recorded from', until: 'Recorded before', get: 'Download the proof',
  how: 'How it is checked, without us',
  steps: [
    'Unpack the file on a computer that never was ours. Python 3.8 or newer is enough; nothing else is needed, no network either.',
    'Get the public key by another way than with the proof: on paper, or from the site of the firm. Bring a checkpoint that you kept earlier, if you have one.',
    'Run the command below. The script is short enough to be read, and shares no code with us; README.md beside it says on one page what it checks.',
  ],
}

const zhHans: typeof en = {
  title: '证明', lead: '证明日志未被改动：可在此检查，也可由任何人独立核验。',
  forbidden: '证明仅供审计人员查看', forbiddenText: '请向审计人员或管理员查询。',
  checkpoint: '最新检查点', nothing: '还没有封存的记录', nothingText: '记录在写入后数秒内封存。',
  signed: '签署于', entries: '记录数', root: '根哈希', key: '公钥', note: '签名原文',
  checkpointNote: '请保存在系统运营者无法触及之处：此前的任何改动都会被发现。',
  check: '检查日志', checkText: '根据数据行重建哈希树，并与每个已签名的检查点核对。',
  verify: '立即检查', checking: (count) => `正在检查：已完成 ${count} 条`, failed: '检查未能完成。请重试；若再次发生，请告知管理员。',
  sound: '没有任何改动', unsound: (count) => `${count} 行有误`,
  found: (entries, sealed, checkpoints) => `共 ${entries} 条记录，已封存 ${sealed} 条，检查点 ${checkpoints} 个。`,
  erased: (count) => `${count} 位会员已被抹除，其记录保持原样。`,
  row: '数据行', of: '会员', reason: '问题', more: (count) => `另有 ${count} 行`,
  download: '供他人核验的证明', downloadText: '一个 zip 文件，包含记录、规则、检查点，以及核验脚本。',
  member: '会员', memberHint: '留空：所有会员', from: '记录时间自', until: '记录时间早于', get: '下载证明',
  how: '如何独立核验',
  steps: [
    '在不属于我们的电脑上解压文件。只需 Python 3.8 或更高版本，无需其他软件，也无需联网。',
    '通过证明以外的途径取得公钥：例如纸质文件或公司网站。如有此前保存的检查点，请一并使用。',
    '运行下面的命令。脚本很短，可以通读，与我们的程序没有共用代码；同目录的 README.md 用一页说明核验内容。',
  ],
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
