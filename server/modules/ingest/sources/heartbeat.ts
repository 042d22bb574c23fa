// What our own heartbeat monitors write into the log: no address takes it from outside.
import { severities, type Severity } from '#server/contract/severity.ts';
import { fingerprintOf } from '#server/modules/ingest/identity.ts';
import type { Source } from '#server/modules/ingest/sources/source.ts';
import { cleanPairs, cleanText, firstText, isObject, textLimits, textPairs } from '#server/modules/ingest/text.ts';

export const heartbeat: Source = {
  format: 'heartbeat',
  kind: 'heartbeat',
  split: (body) => ({ ok: true, items: [body] }),
  check: read,
  normalise(posted, envelope) {
    const { integrationId, source, receivedAt } = envelope;
    const found = read(posted);
    if (!found.ok) return found;
    const { item, dedupKey } = found;
    const service = firstText(item, ['service']);
    return {
      ok: true,
      signal: {
        kind: 'alert',
        action: item['action'] === 'resolve' ? 'resolve' : 'fire',
        integrationId,
        source,
        dedupKey,
        fingerprint: fingerprintOf(integrationId, dedupKey),
        title: cleanText(firstText(item, ['title']) ?? 'A heartbeat is missing', textLimits.title),
        severity: severities.includes(item['severity'] as Severity) ? (item['severity'] as Severity) : 'sev3',
        service: service === null ? null : cleanText(service, textLimits.service),
        labels: cleanPairs(textPairs(item['labels']), textLimits.labelValue),
        annotations: cleanPairs(textPairs(item['annotations']), textLimits.annotationValue),
        sourceUrl: null,
        runbookUrl: null,
        startsAt: null,
        endsAt: null,
        receivedAt,
      },
    };
  },
};

function read(
  item: unknown,
): { ok: true; item: Record<string, unknown>; dedupKey: string } | { ok: false; reason: string } {
  if (!isObject(item)) return { ok: false, reason: 'It is not a JSON object.' };
  const key = item['monitorId'];
  if (typeof key !== 'string' || !/^[0-9a-f-]{36}$/.test(key)) return { ok: false, reason: 'It names no monitor.' };
  return { ok: true, item, dedupKey: key };
}
