import { spoken, useLanguage } from '../../core/language'
import type { Language } from '../../core/types'

const en = {
  title: 'Partners', lead: 'What partners bear of the coupons that members used, by the ledger.',
  from: 'From', until: 'Up to and with', export: 'Download as CSV',
  partner: 'Partner and coupon', coupon: (name: string) => `· ${name}`,
  used: 'Used', charged: 'Charged', returned: 'Came back', givenBack: 'Given back', owed: 'Owed',
  empty: 'Nothing to settle', emptyText: 'In a coupon’s definition, say what it costs and which partner bears which part of it. Each use is charged to the partner; a refund takes the charge back.',
}

const zhHans: typeof en = {
  title: '合作方结算', lead: '按账目统计：会员用券成本中由合作方承担的部分。',
  from: '开始', until: '截至（含当日）', export: '下载 CSV',
  partner: '合作方与优惠券', coupon: (name) => `· ${name}`,
  used: '已用', charged: '计入', returned: '退回', givenBack: '冲回', owed: '应付',
  empty: '没有可结算的内容', emptyText: '在优惠券定义中填写成本，以及由哪个合作方承担多少。每次用券计入合作方，退款时冲回。',
}

const WORDS: Record<Language, typeof en> = spoken(en, zhHans)

export function useSettlementWords(): typeof en {
  return WORDS[useLanguage().language]
}
