/** Every word of the studio outside the editor, in English. The other languages must have the same entries. */
export const en = {
  product: 'Regulars',
  skipToContent: 'Skip to the content',
  loading: 'Loading…',
  language: 'Language',
  theme: { light: 'Light colours', dark: 'Dark colours' },
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  edit: 'Edit',
  retry: 'Try again',
  all: 'All',
  none: 'None',
  yes: 'yes',
  no: 'no',
  more: 'Load more',
  search: 'Search',
  clear: 'Clear',
  backTo: (place: string) => `Back to ${place}`,
  zoneNote: (zone: string) => `Times are in the member's zone, ${zone}.`,
  programmeZoneNote: (zone: string) => `Times are in the programme's zone, ${zone}.`,
  browserZoneNote: (zone: string) => `Times are in your zone, ${zone}.`,
  nav: {
    label: 'Main',
    home: 'Home', rules: 'Rules', library: 'Library', campaigns: 'Campaigns', broadcasts: 'Broadcasts', figures: 'Figures', settlement: 'Partners', members: 'Members', tags: 'Tags', decisions: 'Decisions', tasks: 'Tasks', replays: 'Replays', changes: 'Changes', proof: 'Proof', outbox: 'Outbox',
    definitions: 'Definitions', people: 'People and keys', settings: 'Settings',
    groups: { members: 'Members', campaigns: 'Campaigns', messages: 'Messages', audit: 'Audit', setup: 'Set-up' },
  },
  roles: { marketer: 'Marketer', approver: 'Approver', auditor: 'Auditor', administrator: 'Administrator' },
  signOut: 'Sign out',
  errors: {
    unreachable: 'The server did not answer. Check your connection, then try again.',
    forbidden: 'Your role may not do this. Ask an administrator.',
    unexpected: 'Something went wrong. Try again; if it happens again, tell an administrator.',
    notFound: 'There is nothing here. It may have been renamed or removed.',
    /** By the server's code, in a language that the server doesn't speak. */
    byCode: {} as Readonly<Record<string, string>>,
  },
  login: {
    title: 'Sign in to Regulars',
    lead: 'Write membership rules in plain words, and see why every decision was made.',
    name: 'Name', password: 'Password', submit: 'Sign in', working: 'Signing in…',
    wrong: 'That name and password do not match. Check both and try again.',
  },
  notFound: { title: 'No such page', text: 'The address leads nowhere.', action: 'Go to the rules' },
  results: {
    fired: 'Fired', not_matched: 'Did not match', held_out: 'Held out', limited: 'Limit reached', late: 'Too late',
    inactive: 'Not active', waiting: 'Waiting', resumed: 'Went on', exited: 'Left', ended: 'No longer true', reached: 'Goal reached', moved: 'Moved', refused: 'Refused', done: 'Done',
  },
  timer: {
    rule: 'rule', tag: 'tag', unit: 'unit', redemption: 'redemption', ladder: 'levels', membership: 'membership', due_at: 'due',
  },
  own: { by: 'done by', why: 'reason', reason: 'reason' },
  trace: {
    holds: 'true', fails: 'not true', read: 'read', missing: 'not known', compared: 'compared with', was: 'was',
    least: 'The least that would have made it match:', enough: 'This would have made it match:',
    groups: { all: 'All of these', any: 'Any of these', not: 'None of these' },
  },
  approvals: { submitted: 'Waiting for approval', approved: 'Approved', sent_back: 'Sent back' },
  ruleStates: { draft: 'Draft', preparing: 'Preparing', live: 'Live', scheduled: 'Scheduled', paused: 'Paused' },
}

export type Messages = typeof en
