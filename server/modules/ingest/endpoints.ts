import type { IntegrationKind } from '#server/contract/integration.ts';
import type { Format } from '#server/modules/ingest/sources/source.ts';

export interface Endpoint {
  path: string;
  format: Format;
  /** Kind of the keys it takes. */
  kind: IntegrationKind;
  /** The protocol's own code for "taken". */
  success: 200 | 202;
  /** How refusals look, and whether they are of the kind that the sender tries again. */
  answers: 'plain' | 'alertmanager' | 'events-v2';
}

export const endpoints: readonly Endpoint[] = [
  {
    path: '/api/v1/alerts/webhook',
    format: 'alertmanager',
    kind: 'alertmanager',
    success: 202,
    answers: 'alertmanager',
  },
  { path: '/api/v2/alerts', format: 'alertmanager-api', kind: 'alertmanager', success: 200, answers: 'alertmanager' },
  { path: '/v2/enqueue', format: 'events-v2', kind: 'events-v2', success: 202, answers: 'events-v2' },
  { path: '/v2/change/enqueue', format: 'change', kind: 'events-v2', success: 202, answers: 'events-v2' },
  { path: '/webhooks/generic', format: 'generic', kind: 'generic', success: 202, answers: 'plain' },
  { path: '/webhooks/grafana', format: 'grafana', kind: 'grafana', success: 202, answers: 'plain' },
];
