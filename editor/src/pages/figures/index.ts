/** Campaigns and figures, in one file: they are looked at now and then, and rules are written without them. */
export { CampaignPage } from './CampaignPage'
export { CampaignsPage } from './CampaignsPage'
export { FiguresPage } from './FiguresPage'
export { SettlementPage } from './SettlementPage'
