// Every address inside the client. They are hashes, so that the same build runs from a file, a server or a deep link.

export const paths = {
  now: () => '#/',
  incidents: () => '#/incidents',
  incident: (id: string) => `#/incidents/${id}`,
  postmortem: (id: string) => `#/incidents/${id}/review`,
  alerts: (query: Record<string, string> = {}) => withQuery('#/alerts', query),
  alert: (id: string) => `#/alerts/${id}`,
  integrations: () => '#/integrations',
  integration: (id: string) => `#/integrations/${id}`,
  grouping: () => '#/grouping',
  groupingRule: (id: string) => `#/grouping/${id}`,
  wall: () => '#/wall',
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
