import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'People and keys', lead: 'Who signs in, and which of your systems may call, each with what they may do.',
  views: { people: 'People', keys: 'Keys' },
  forbidden: 'Administrators let people in',
  forbiddenText: (names: string) => names === '' ? 'There is no administrator yet: whoever runs the server makes one with create-user.' : `Ask one of them for access, a new password or a key: ${names}.`,
  person: { name: 'Name', role: 'Role', seen: 'Last here', created: 'Since', state: 'Access', action: 'Action' },
  rolesText: {
    marketer: 'writes rules and definitions, and publishes', approver: 'approves and publishes what others wrote',
    auditor: 'reads everything, replays and checks proofs', administrator: 'does all of it, and lets people in',
  },
  states: { may: 'may sign in', out: 'kept out', first: 'must choose a password' },
  never: 'never', you: 'you',
  invite: 'Let somebody in', inviteTitle: 'Let somebody in', inviteHint: 'What they type to sign in, such as mei or mei@shop.example.',
  manage: 'Manage', manageLabel: (name: string) => `Manage ${name}`,
  role: 'Role', saveRole: 'Change role', roleHint: 'A new role signs them out everywhere.',
  own: 'This is you. Your own role is changed by another administrator; your password is changed in the settings.',
  reset: 'Reset password', resetHint: 'They get a new password from you, and choose their own with it.',
  end: 'Sign out everywhere', endHint: 'In every browser they sign in anew.',
  disable: 'Keep out', disableHint: 'From the next click on nothing is answered. What they wrote stays theirs; end their keys as well.',
  enable: 'Let in again', enableHint: 'With the password they had.',
  done: {
    role: (name: string) => `${name} has a new role.`, end: (name: string) => `${name} is signed out everywhere.`,
    disable: (name: string) => `${name} is kept out.`, enable: (name: string) => `${name} may sign in again.`,
    revoke: (source: string) => `The key of ${source} has ended.`,
  },
  passwordTitle: (name: string) => `The password of ${name}`,
  passwordText: 'Hand it over now, not by e-mail together with the name: it is shown this once. Whoever signs in with it chooses a password of their own first.',
  copy: 'Copy', copied: 'Copied', handed: 'Done',
  key: { source: 'System', scopes: 'May', owner: 'Owner', created: 'Made', used: 'Last used', action: 'Action' },
  ended: 'ended', showEnded: (count: number) => `Show the ${count} that have ended`,
  empty: 'No keys yet', emptyText: 'Each till, shop or warehouse system that sends events or reads members gets a key of its own.',
  create: 'New key', createTitle: 'A key for a system', source: 'System', sourceHint: 'Such as shop or till-7. It stands beside everything that the system sends, and a later key for it carries on.',
  owner: 'Who answers for it', ownerHint: 'They cannot approve a draft that the key wrote.', nobody: 'Nobody', scopes: 'What it may do',
  scopeNames: {
    'events:write': 'Send events and profiles', 'members:read': 'Read members', 'members:write': 'Change members by hand: points, levels, tags, coupons',
    'members:erase': 'Erase members', 'members:export': 'Take away everything about a member', redeem: 'Redeem points and coupons, as a till does',
    'rules:write': 'Write rules and definitions', 'decisions:read': 'Read decisions', 'metrics:read': 'Read the metrics of the service',
  } as Readonly<Record<string, string>>,
  few: 'Choose at least one thing that it may do.',
  keyTitle: 'The key', keyText: 'Put it into the system now: it is shown this once.', tryIt: 'Try it:',
  rotate: 'Replace', rotateLabel: (source: string, id: string) => `Replace the key ${id} of ${source}`,
  rotateTitle: (source: string) => `Replace the key of ${source}?`,
  rotateText: 'The key ends at once, and a new one that may do the same is shown. To change without a gap, make a second key for the system, put it in, and end this one afterwards.',
  revoke: 'End', revokeLabel: (source: string, id: string) => `End the key ${id} of ${source}`,
  revokeTitle: (source: string) => `End the key of ${source}?`, revokeText: 'It is refused from now on, and cannot be brought back.',
}

const zhHans: typeof en = {
  title: '人员与密钥', lead: '谁可以登录、您的哪些系统可以调用，以及各自的权限。',
  views: { people: '人员', keys: '密钥' },
  forbidden: '人员由管理员添加',
  forbiddenText: (names) => names === '' ? '还没有管理员：请由服务器的运维人员用 create-user 创建。' : `需要开通权限、重置密码或密钥，请联系：${names}。`,
  person: { name: '名称', role: '角色', seen: '最近使用', created: '加入时间', state: '登录权限', action: '操作' },
  rolesText: {
    marketer: '编写规则和定义并发布', approver: '审批并发布他人编写的规则', auditor: '查看全部内容、重放并核验证明', administrator: '拥有全部权限，并管理人员',
  },
  states: { may: '可以登录', out: '已停用', first: '须设置密码' },
  never: '从未', you: '您自己',
  invite: '添加人员', inviteTitle: '添加人员', inviteHint: '登录时输入的名称，例如 mei 或 mei@shop.example。',
  manage: '管理', manageLabel: (name) => `管理 ${name}`,
  role: '角色', saveRole: '更改角色', roleHint: '更改角色后，此人须在各处重新登录。',
  own: '这是您自己。您的角色由其他管理员更改；密码请在设置中修改。',
  reset: '重置密码', resetHint: '您把新密码交给此人，登录后须自行设置密码。',
  end: '退出所有登录', endHint: '此人须在每个浏览器重新登录。',
  disable: '停用', disableHint: '立即生效，之后的操作一律拒绝。其编写的内容仍归在其名下；如有密钥，请一并停用。',
  enable: '重新启用', enableHint: '沿用原来的密码。',
  done: {
    role: (name) => `${name} 的角色已更改。`, end: (name) => `${name} 已退出所有登录。`,
    disable: (name) => `${name} 已停用。`, enable: (name) => `${name} 已重新启用。`, revoke: (source) => `${source} 的密钥已停用。`,
  },
  passwordTitle: (name) => `${name} 的密码`,
  passwordText: '请现在交给本人，不要与名称放在同一封邮件里：它只显示这一次。用它登录后，须先设置自己的密码。',
  copy: '复制', copied: '已复制', handed: '完成',
  key: { source: '系统', scopes: '权限', owner: '负责人', created: '创建时间', used: '最近使用', action: '操作' },
  ended: '已停用', showEnded: (count) => `显示已停用的 ${count} 个`,
  empty: '还没有密钥', emptyText: '每个发送事件或读取会员的收银机、商城或仓储系统，都应有自己的密钥。',
  create: '新建密钥', createTitle: '为系统新建密钥', source: '系统', sourceHint: '例如 shop 或 till-7。系统发送的内容都会注明它；以后为它新建的密钥可接续使用。',
  owner: '负责人', ownerHint: '负责人不能审批此密钥写的草稿。', nobody: '无', scopes: '权限',
  scopeNames: {
    'events:write': '发送事件和会员资料', 'members:read': '读取会员', 'members:write': '人工调整会员：积分、等级、标签、优惠券',
    'members:erase': '抹除会员', 'members:export': '导出会员全部信息', redeem: '核销积分和优惠券（收银机）',
    'rules:write': '编写规则和定义', 'decisions:read': '读取决策', 'metrics:read': '读取服务指标',
  },
  few: '请至少选择一项权限。',
  keyTitle: '密钥', keyText: '请现在填入系统：它只显示这一次。', tryIt: '试一试：',
  rotate: '更换', rotateLabel: (source, id) => `更换 ${source} 的密钥 ${id}`,
  rotateTitle: (source) => `更换 ${source} 的密钥？`,
  rotateText: '原密钥立即停用，并显示一个权限相同的新密钥。若要平滑更换，请先为该系统新建第二个密钥并填入，再停用这一个。',
  revoke: '停用', revokeLabel: (source, id) => `停用 ${source} 的密钥 ${id}`,
  revokeTitle: (source) => `停用 ${source} 的密钥？`, revokeText: '此后一律拒绝，且不能恢复。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
