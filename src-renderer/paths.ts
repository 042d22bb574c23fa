// Every address inside the client. They are hashes, so that the same build runs from a file, a server or a deep link.

export const paths = {
  now: () => '#/',
  inbox: () => '#/inbox',
  /** What changed while there was no connection. */
  away: () => '#/away',
  incidents: () => '#/incidents',
  /** With the keyboard in one of its fields, if one is given: `note`, `update`, `message`. */
  incident: (id: string, field?: string) => (field === undefined ? `#/incidents/${id}` : `#/incidents/${id}/${field}`),
  /** Of the incident visited last, or of one to choose. */
  timelines: () => '#/timeline',
  /** With the keyboard on one of its events, if one is given. */
  timeline: (id: string, eventId: string | null = null) =>
    withQuery(`#/incidents/${id}/timeline`, eventId === null ? {} : { event: eventId }),
  reviews: () => '#/reviews',
  postmortem: (id: string) => `#/incidents/${id}/review`,
  alerts: (query: Record<string, string> = {}) => withQuery('#/alerts', query),
  alert: (id: string) => `#/alerts/${id}`,
  /** Anything by its short id: T-3f9a21bc, INC-2041. */
  at: (ref: string) => `#/at/${ref}`,
  integrations: () => '#/integrations',
  integration: (id: string) => `#/integrations/${id}`,
  grouping: () => '#/grouping',
  groupingRule: (id: string) => `#/grouping/${id}`,
  services: () => '#/services',
  /** Around a service, if one is given. */
  map: (focus: string | null = null, query: Record<string, string> = {}) =>
    withQuery(focus === null ? '#/map' : `#/map/${encodeURIComponent(focus)}`, query),
  /** `new` is one that is not saved yet, `import` takes a file. */
  service: (id: string) => `#/services/${id}`,
  serviceEditor: (id: string) => `#/services/${id}/edit`,
  oncall: () => '#/oncall',
  /** `new` is one that is not saved yet; so it is for policies. */
  schedule: (id: string) => `#/oncall/${id}`,
  scheduleEditor: (id: string) => `#/oncall/${id}/edit`,
  policies: () => '#/policies',
  policy: (id: string) => `#/policies/${id}`,
  routing: () => '#/routing',
  route: (id: string) => `#/routing/${id}`,
  inhibition: (id?: string) => (id === undefined ? '#/inhibitions' : `#/inhibitions/${id}`),
  monitor: (id?: string) => (id === undefined ? '#/heartbeats' : `#/heartbeats/${id}`),
  /** `new` is one that is not saved yet. */
  stakeholders: (id?: string) => (id === undefined ? '#/stakeholders' : `#/stakeholders/${id}`),
  channels: () => '#/channels',
  channel: (id: string) => `#/channels/${id}`,
  ledger: (query: Record<string, string> = {}) => withQuery('#/ledger', query),
  /** Why a page was made. */
  page: (id: string) => `#/pages/${id}`,
  /** Why somebody was, or was not: by `incident`, `alert`, `user`, `at`. */
  why: (query: Record<string, string>) => withQuery('#/why', query),
  fatigue: () => '#/fatigue',
  insights: () => '#/insights',
  asCode: (section?: string) => (section === undefined ? '#/as-code' : `#/as-code/${section}`),
  people: () => '#/people',
  person: (id: string) => `#/people/${id}`,
  /** By itself all of it, else one role of several displays. */
  wall: (query: Record<string, string> = {}) => withQuery('#/wall', query),
  presenter: () => '#/presenter',
  settings: (section?: string) => (section === undefined ? '#/settings' : `#/settings/${section}`),
  diagnostics: () => '#/diagnostics',
  outbox: () => '#/outbox',
  /** A one-time link that was used or is too old. */
  usedLink: () => '#/sign-in?link=used',
} as const;

function withQuery(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}
