import { decideByStatus, normaliseLabelled, readLabelled } from '#server/modules/ingest/sources/prometheus-family.ts';
import type { Source } from '#server/modules/ingest/sources/source.ts';
import { isObject } from '#server/modules/ingest/text.ts';

/** Alertmanager's webhook, version 4. It says itself what is firing and what is resolved. */
export const alertmanagerWebhook: Source = {
  format: 'alertmanager',
  kind: 'alertmanager',
  split(body) {
    if (isObject(body) && Array.isArray(body['alerts'])) return { ok: true, items: body['alerts'] };
    return { ok: false, reason: 'An Alertmanager webhook carries a list “alerts”; this body has none.' };
  },
  check: (item) => readLabelled(item, decideByStatus),
  normalise: (item, envelope) => normaliseLabelled(item, envelope, decideByStatus),
};
