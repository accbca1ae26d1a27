import type {
  CatalogueAnswer, Checked, Conflict, CouponGiven, DecisionDetail, DecisionSummary, Definition, DefinitionKind, DefinitionUses, Duplicate, Entry, Evaluate, Evaluated,
  InFlight, Json, JsonObject, MemberDetail, MemberSummary, OutboxItem, Page, Posting, Publication, Replay, RuleDetail, RuleDocument,
  RuleName, RulePage, RuleVersion, SchemaAnswer, Session, Task, TaskQueue, Told,
} from './types'

export * from './types'

export interface Problem {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  errors?: { path: string; text: string | { en: string; 'zh-Hans': string } }[]
}

/** What the server refused, with its own words on what to do (`message` is the problem's `detail`). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'unreachable' : `http-${status}`)
    this.problem = problem
  }
}

interface Call {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** The sign-in page itself must show a 401 instead of being sent to itself. */
  stay?: boolean
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem
  } catch {
    return { status: response.status, title: response.statusText }
  }
}

export async function call<T>(path: string, { method = 'GET', body, headers = {}, signal, stay }: Call = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, { code: 'unreachable' })
  }
  if (response.status === 401 && !stay) {
    const next = location.pathname + location.search
    location.assign(`/login?next=${encodeURIComponent(next)}`)
    // Nothing may be rendered from a refused answer while the browser leaves.
    return new Promise<T>(() => undefined)
  }
  if (!response.ok) throw new ApiError(response.status, await problemOf(response))
  if (response.status === 204) return null as T
  return (await response.json()) as T
}

type Search = Record<string, string | number | null | undefined>

export function query(search: Search): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== null && value !== undefined && value !== '') parts.set(name, String(value))
  }
  const text = parts.toString()
  return text === '' ? '' : `?${text}`
}

/** A key may hold any character, `/` and `:` among them. */
const at = (key: string | number): string => encodeURIComponent(String(key))

export const api = {
  session: (stay = false) => call<Session>('/session', { stay }),
  signIn: (name: string, password: string) =>
    call<Session>('/session', { method: 'POST', body: { name, password }, stay: true }),
  signOut: () => call<null>('/session', { method: 'DELETE', stay: true }),

  schema: () => call<SchemaAnswer>('/schema'),
  schemaOfDefinitions: () => call<JsonObject>('/schema/definitions'),
  catalogue: () => call<CatalogueAnswer>('/catalogue'),
  definitions: (kind: DefinitionKind) => call<{ items: Definition[] }>(`/definitions/${kind}`),
  definitionUses: (kind: DefinitionKind, key: string) => call<DefinitionUses>(`/definitions/${kind}/${at(key)}/uses`),
  saveDefinition: (kind: DefinitionKind, key: string, body: JsonObject) =>
    call<Definition>(`/definitions/${kind}/${at(key)}`, { method: 'PUT', body }),

  rules: (search: { search?: string; status?: string; purpose?: string; after?: string | number | null }) =>
    call<RulePage>(`/rules${query(search)}`),
  ruleNames: () => call<{ items: RuleName[] }>('/rule-names'),
  rule: (key: string) => call<RuleDetail>(`/rules/${at(key)}`),
  saveDraft: (key: string, document: RuleDocument, etag: string | null) =>
    call<RuleDetail>(`/rules/${at(key)}/draft`, {
      method: 'PUT', body: document, headers: etag === null ? {} : { 'If-Match': etag },
    }),
  discardDraft: (key: string) => call<RuleDetail | null>(`/rules/${at(key)}/draft`, { method: 'DELETE' }),
  check: (document: Json, signal?: AbortSignal) =>
    call<Checked>('/rules/check', { method: 'POST', body: document, signal }),
  checkCondition: (condition: Json, signal?: AbortSignal) =>
    call<Checked>('/audience/check', { method: 'POST', body: condition, signal }),
  checkConflicts: (document: Json, signal?: AbortSignal) =>
    call<{ items: Conflict[] }>('/rules/check-conflicts', { method: 'POST', body: { document }, signal }),
  publication: (key: string, version?: number) => call<Publication>(`/rules/${at(key)}/publication${query({ version })}`),
  publish: (key: string, choice: { past: 'skip' | 'fire'; per_hour?: number; in_flight?: InFlight }) =>
    call<RuleDetail>(`/rules/${at(key)}/publish`, { method: 'POST', body: choice }),
  rollBack: (key: string, choice: { version: number; past: 'skip' | 'fire'; per_hour?: number; in_flight?: InFlight }) =>
    call<RuleDetail>(`/rules/${at(key)}/roll-back`, { method: 'POST', body: choice }),
  review: (key: string, step: 'submit' | 'approve' | 'send-back', comment: string, etag: string) =>
    call<RuleDetail>(`/rules/${at(key)}/${step}`, { method: 'POST', body: { comment }, headers: { 'If-Match': etag } }),
  demandApproval: (approval: 'required' | 'optional') =>
    call<{ approval: string }>('/programme/approval', { method: 'PUT', body: { approval } }),
  pause: (key: string) => call<RuleDetail>(`/rules/${at(key)}/pause`, { method: 'POST' }),
  resume: (key: string) => call<RuleDetail>(`/rules/${at(key)}/resume`, { method: 'POST' }),
  versions: (key: string) => call<{ items: RuleVersion[] }>(`/rules/${at(key)}/versions`),

  members: (search: { search?: string; after?: string | number | null }) =>
    call<Page<MemberSummary>>(`/members${query(search)}`),
  member: (id: string, search: Search = {}) => call<MemberDetail>(`/members/${at(id)}${query(search)}`),
  timeline: (id: string, before?: string | number | null) =>
    call<Page<Entry>>(`/members/${at(id)}/timeline${query({ before })}`),
  ledger: (id: string, search: Search) =>
    call<Page<Posting>>(`/members/${at(id)}/ledger${query(search)}`),
  coupons: (id: string) => call<{ items: CouponGiven[] }>(`/members/${at(id)}/coupons`),
  /** What is done by hand for a member: `adjust`, `level` or `membership`. */
  byHand: (id: string, what: string, body: JsonObject) => call<Told>(`/members/${at(id)}/${what}`, { method: 'POST', body }),
  merge: (id: string, body: JsonObject) => call<Told>(`/members/${at(id)}/merge`, { method: 'POST', body }),
  duplicates: () => call<{ items: Duplicate[] }>('/duplicates'),
  dismiss: (member: string, other: string) => call<Told>('/duplicates/dismiss', { method: 'POST', body: { member, other } }),
  takeTagOff: (id: string, tag: string, search: Search) => call<Told>(`/members/${at(id)}/tags/${at(tag)}${query(search)}`, { method: 'DELETE' }),
  issueCoupon: (body: JsonObject) => call<Told>('/coupons/issue', { method: 'POST', body }),
  voidCoupon: (code: string, body: JsonObject) => call<Told>(`/coupons/${at(code)}/void`, { method: 'POST', body }),
  tasks: (search: { status: string; queue?: string; after?: string | number | null }) => call<Page<Task>>(`/tasks${query(search)}`),
  taskQueues: () => call<{ items: TaskQueue[] }>('/tasks/queues'),
  taskDone: (id: string, answer: string) => call<Task>(`/tasks/${at(id)}/done`, { method: 'POST', body: { answer } }),
  evaluate: (body: Evaluate, signal?: AbortSignal) =>
    call<Evaluated>('/evaluate?dry=true', { method: 'POST', body, signal }),

  decisions: (search: Search) =>
    call<Page<DecisionSummary>>(`/decisions${query(search)}`),
  decision: (id: string) => call<DecisionDetail>(`/decisions/${at(id)}`),

  startReplay: (asked: { member?: string; from?: string; until?: string; strict?: boolean }) =>
    call<Replay>('/replays', { method: 'POST', body: asked }),
  replay: (id: string) => call<Replay>(`/replays/${at(id)}`),
  cancelReplay: (id: string) => call<Replay>(`/replays/${at(id)}/cancel`, { method: 'POST' }),

  outbox: (search: { status?: string; member?: string; before?: string | number | null }) =>
    call<Page<OutboxItem>>(`/outbox${query(search)}`),
  redeliver: (id: string | number) => call<OutboxItem>(`/outbox/${at(id)}/redeliver`, { method: 'POST' }),
}
