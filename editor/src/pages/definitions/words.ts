import { useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

/** Every word of the definitions' page; its forms by schema take theirs from the schema. */
const en = {
  title: 'Definitions', lead: 'The names that rules may use.',
  kinds: {
    tags: 'Tags', coupons: 'Coupons', templates: 'Templates', endpoints: 'Endpoints', attributes: 'Attributes', events: 'Events',
    units: 'Units', ladders: 'Levels', memberships: 'Memberships', budgets: 'Budgets', wheels: 'Wheels',
  },
  one: {
    tags: 'tag', coupons: 'coupon', templates: 'template', endpoints: 'endpoint', attributes: 'attribute', events: 'event',
    units: 'unit', ladders: 'ladder of levels', memberships: 'membership', budgets: 'budget', wheels: 'wheel',
  },
  create: (one: string) => `New ${one}`, editing: (key: string) => `Edit ${key}`,
  saved: (key: string) => `${key} is saved.`,
  empty: (kind: string) => `No ${kind.toLowerCase()} yet`,
  emptyText: {
    tags: 'A tag names something true of a member for a while. Write what it means, so that everybody uses it alike.',
    coupons: 'A coupon is what a rule gives: percent off, an amount off, or a gift.',
    templates: 'A template is a message in the languages of your members. {{name}} is filled in when it is sent.',
    endpoints: 'An endpoint is an address of your own systems that rules may post to. Every post is signed.',
    attributes: 'The usual attributes are built in. Add those only your programme has.',
    events: 'The usual events are built in. Add those only your programme sends, or properties of your own.',
    units: 'Points are built in. Define a unit for growth value, visits of a pass or stored value, or to say when points expire.',
    ladders: 'A ladder is an order of levels, such as silver and gold, and says how one gets there and stays.',
    memberships: 'A membership is bought or given for a time, and can be renewed.',
    budgets: 'A budget is what rules may give out in all, or each month. It never goes below zero.',
    wheels: 'A wheel holds prizes that rules draw from. Every draw is fair, and can be checked.',
  },
  secretTitle: 'The signing secret', secretText: 'Copy it now into the system that receives: it is shown this once.',
  done: 'I have copied it',
  fields: {
    key: 'Key', keyHint: 'Rules name it by this; it cannot be changed later.', name: 'Name', nameEn: 'Name in English', nameZh: 'Name in Chinese',
    eventName: 'Name of the event', eventNameHint: 'Exactly as it is sent, for instance Order Completed',
    meaning: 'Meaning', meaningHint: 'When it applies, and when it comes off', owner: 'Owner', category: 'Category',
    subjectEn: 'Subject in English', subjectZh: 'Subject in Chinese', bodyEn: 'Text in English', bodyZh: 'Text in Chinese',
    url: 'Address', urlHint: 'Starts with https://',
    attribute: 'Name of the attribute', type: 'Type', personal: 'Personal: kept sealed, rules see only whether it is known',
    properties: 'Properties', addProperty: 'Add property', removeProperty: (name: string) => `Remove property ${name}`,
    property: 'Property', label: 'Label', labelEn: 'Label in English', labelZh: 'Label in Chinese',
  },
  types: { text: 'text', number: 'number', boolean: 'yes or no', instant: 'time', list: 'list' },
  columns: { key: 'Key', name: 'Name', about: 'About', action: 'Action' },
  personalChip: 'personal', noEnd: 'no end',
  about: {
    coupon: {
      percent: (value: string) => `${value}% off`, amount: (value: string) => `${value} off`, price: (value: string) => `for ${value}`,
      second_item: (value: string) => `${value}% off the second item`, gift: () => 'a gift',
    } as Readonly<Record<string, (value: string) => string>>,
    least: (amount: string) => `orders from ${amount}`, above: (amount: string) => `orders over ${amount}`,
    left: (total: string) => `${total} in all`,
    unit: { points: 'points', growth: 'growth value', visits: 'visits of a pass', money: 'stored value' } as Readonly<Record<string, string>>,
    expires: (duration: string) => `expires after ${duration}`, never: 'never expires',
    pays: (units: string, worth: string) => `${units} pay ${worth}`,
    tier: (name: string, at: string) => `${name} from ${at}`,
    free: 'free', invited: 'by invitation',
    counts: { points: 'points', firings: 'firings', money: '' } as Readonly<Record<string, string>>,
    each: { total: 'in all', month: 'each month', day: 'each day' } as Readonly<Record<string, string>>,
  },
  duration: (amount: number, unit: string) => `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`,
  form: {
    english: 'in English', chinese: 'in Chinese', nothing: 'None', commas: 'Several, with commas between them',
    add: (title: string) => `Add: ${title}`, remove: (title: string) => `Remove: ${title}`, row: (title: string, number: number) => `${title} ${number}`,
    bad: {
      key: 'Up to 64 characters, without spaces, quotes or backslashes.', decimal: 'Write a number, such as 12 or 9.50.',
      currency: 'Three capital letters, such as CNY.', number: 'Write a whole number that is possible here.', other: 'This cannot be so.',
    },
    few: (least: number) => `At least ${least} are needed.`,
    fix: 'Correct what is marked below.',
  },
  properties: (count: number) => count === 1 ? '1 property' : `${count} properties`,
}

const zhHans: typeof en = {
  title: '定义', lead: '规则可以使用的名称。',
  kinds: {
    tags: '标签', coupons: '优惠券', templates: '模板', endpoints: '接收地址', attributes: '会员属性', events: '事件',
    units: '单位', ladders: '等级', memberships: '会籍', budgets: '预算', wheels: '转盘',
  },
  one: {
    tags: '标签', coupons: '优惠券', templates: '模板', endpoints: '接收地址', attributes: '会员属性', events: '事件',
    units: '单位', ladders: '等级体系', memberships: '会籍', budgets: '预算', wheels: '转盘',
  },
  create: (one) => `新建${one}`, editing: (key) => `编辑 ${key}`,
  saved: (key) => `${key} 已保存。`,
  empty: (kind) => `还没有${kind}`,
  emptyText: {
    tags: '标签说明会员在一段时间内的情况。写清含义，大家才会用得一致。',
    coupons: '优惠券是规则给出的东西：折扣、立减或赠品。',
    templates: '模板是用会员的语言写的消息。发送时会填入 {{name}}。',
    endpoints: '接收地址是规则可以回调的、您自己系统的地址。每次回调都有签名。',
    attributes: '常用属性已内置。这里只需添加您独有的。',
    events: '常用事件已内置。这里只需添加您独有的事件或属性。',
    units: '积分已内置。成长值、次卡次数、储值，或积分何时到期，可在这里定义。',
    ladders: '等级体系是一组有序的等级，如银卡、金卡，并说明如何达到与保持。',
    memberships: '会籍可购买或赠送，有期限，可续期。',
    budgets: '预算是规则总共或每月可以给出的额度，不会低于零。',
    wheels: '转盘里是规则可抽取的奖品。每次抽奖都公平，并可核验。',
  },
  secretTitle: '签名密钥', secretText: '请现在复制到接收系统：它只显示这一次。',
  done: '已复制',
  fields: {
    key: '标识', keyHint: '规则用它来指代；以后不能更改。', name: '名称', nameEn: '英文名称', nameZh: '中文名称',
    eventName: '事件名', eventNameHint: '与发送时完全一致，例如 Order Completed',
    meaning: '含义', meaningHint: '何时成立，何时取消', owner: '负责人', category: '类别',
    subjectEn: '英文主题', subjectZh: '中文主题', bodyEn: '英文正文', bodyZh: '中文正文',
    url: '地址', urlHint: '以 https:// 开头',
    attribute: '属性名', type: '类型', personal: '个人信息：加密保存，规则只知道是否已知',
    properties: '属性', addProperty: '添加属性', removeProperty: (name) => `移除属性 ${name}`,
    property: '属性', label: '标签', labelEn: '英文名称', labelZh: '中文名称',
  },
  types: { text: '文本', number: '数字', boolean: '是或否', instant: '时间', list: '列表' },
  columns: { key: '标识', name: '名称', about: '说明', action: '操作' },
  personalChip: '个人信息', noEnd: '无期限',
  about: {
    coupon: {
      percent: (value) => `减 ${value}%`, amount: (value) => `立减 ${value}`, price: (value) => `一口价 ${value}`,
      second_item: (value) => `第二件减 ${value}%`, gift: () => '赠品',
    },
    least: (amount) => `满 ${amount} 可用`, above: (amount) => `超过 ${amount} 可用`,
    left: (total) => `共 ${total} 张`,
    unit: { points: '积分', growth: '成长值', visits: '次卡次数', money: '储值' },
    expires: (duration) => `${duration}后到期`, never: '不过期',
    pays: (units, worth) => `${units} 抵 ${worth}`,
    tier: (name, at) => `${name} ${at} 起`,
    free: '免费', invited: '仅限邀请',
    counts: { points: '积分', firings: '次', money: '' },
    each: { total: '总计', month: '每月', day: '每天' },
  },
  duration: (amount, unit) => `${amount} ${({ minutes: '分钟', hours: '小时', days: '天', months: '个月', years: '年' } as Record<string, string>)[unit] ?? unit}`,
  form: {
    english: '英文', chinese: '中文', nothing: '无', commas: '多个用逗号分隔',
    add: (title) => `添加：${title}`, remove: (title) => `移除：${title}`, row: (title, number) => `${title} ${number}`,
    bad: {
      key: '最多 64 个字符，不含空格、引号或反斜杠。', decimal: '请填写数字，如 12 或 9.50。',
      currency: '三个大写字母，如 CNY。', number: '请填写此处允许的整数。', other: '此处的内容不正确。',
    },
    few: (least) => `至少需要 ${least} 项。`,
    fix: '请修正下面标出的内容。',
  },
  properties: (count) => `${count} 个属性`,
}

const WORDS: Record<Language, typeof en> = { en, 'zh-Hans': zhHans }

export function useWords(): typeof en {
  return WORDS[useLanguage().language]
}
