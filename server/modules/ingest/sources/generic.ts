import type { AlertSignal } from '#server/contract/signal.ts';
import { fingerprintOf, keyOfPairs, ownKey } from '#server/modules/ingest/identity.ts';
import { beganAt, readInstant } from '#server/modules/ingest/instant.ts';
import { serviceOf } from '#server/modules/ingest/service-name.ts';
import { severityOf } from '#server/modules/ingest/severity-words.ts';
import type { Source } from '#server/modules/ingest/sources/source.ts';
import {
  cleanPairs,
  cleanText,
  cleanUrl,
  firstText,
  isObject,
  mergePairs,
  textLimits,
  textPairs,
} from '#server/modules/ingest/text.ts';

// Names under which sources commonly say the same thing. A mapping, where there is one, answers with the first of each.
const titleNames = ['title', 'summary', 'message', 'subject', 'name', 'alertname'];
const severityNames = ['severity', 'level', 'priority', 'urgency'];
const statusNames = ['status', 'state'];
const keyNames = ['dedupKey', 'dedup_key', 'id', 'key', 'fingerprint', 'alias'];
const placeNames = ['host', 'hostname', 'instance', 'source', 'environment', 'env', 'region', 'cluster', 'namespace'];
const sourceUrlNames = ['sourceUrl', 'source_url', 'url', 'link'];
const runbookUrlNames = ['runbookUrl', 'runbook_url', 'runbook'];
const textNames = ['description', 'details', 'body', 'text'];
const timeNames = ['startsAt', 'endsAt', 'timestamp', 'time', 'createdAt', 'created_at', 'updatedAt', 'updated_at'];
const known = new Set<string>([
  ...titleNames,
  ...severityNames,
  ...statusNames,
  ...keyNames,
  ...sourceUrlNames,
  ...runbookUrlNames,
  ...textNames,
  ...timeNames,
  'labels',
  'annotations',
  'service',
  'firing',
]);
const labelMax = 200;

/** Where the default reading looks for each thing that a mapping can give instead. */
export const defaultNames = {
  title: titleNames,
  severity: severityNames,
  service: ['service'],
  status: [...statusNames, 'firing'],
  dedupKey: keyNames,
  labels: ['labels'],
  annotations: ['annotations', ...textNames],
  sourceUrl: sourceUrlNames,
  runbookUrl: runbookUrlNames,
} as const;

const over = new Set(
  'resolved resolve ok okay recovered recovery closed close normal up healthy success passing inactive clear cleared done fixed false'.split(
    ' ',
  ),
);
const acknowledged = new Set(['acknowledged', 'acknowledge', 'acked', 'ack']);

/** Any JSON object that has something like a title. */
export const generic: Source = {
  format: 'generic',
  kind: 'generic',
  split: (body) => ({ ok: true, items: Array.isArray(body) ? body : [body] }),
  check: readGeneric,
  normalise(posted, envelope) {
    const read = readGeneric(posted);
    if (!read.ok) return read;
    const { item, title, dedupKey } = read;
    const given = textPairs(item['labels']);
    const service = serviceIn(item, given);
    return {
      ok: true,
      signal: {
        kind: 'alert',
        action: actionOf(item),
        integrationId: envelope.integrationId,
        source: envelope.source,
        dedupKey,
        fingerprint: fingerprintOf(envelope.integrationId, dedupKey),
        title: cleanText(title, textLimits.title),
        severity: severityOf(firstText(item, severityNames) ?? firstText(Object.fromEntries(given), severityNames)),
        service: service === null ? null : cleanText(service, textLimits.service),
        labels: cleanPairs(mergePairs(given, otherFields(item)), textLimits.labelValue),
        annotations: cleanPairs(annotationPairs(item), textLimits.annotationValue),
        sourceUrl: firstUrl(item, sourceUrlNames),
        runbookUrl: firstUrl(item, runbookUrlNames),
        startsAt: beganAt(instantOf(item['startsAt'] ?? item['timestamp']), envelope.receivedAt),
        endsAt: instantOf(item['endsAt']),
        receivedAt: envelope.receivedAt,
      } satisfies AlertSignal,
    };
  },
};

type Read =
  | { ok: true; item: Record<string, unknown>; title: string; dedupKey: string }
  | { ok: false; reason: string };

function readGeneric(item: unknown): Read {
  if (!isObject(item)) return { ok: false, reason: 'It is not a JSON object.' };
  const title = firstText(item, titleNames);
  if (title === null) {
    return {
      ok: false,
      reason: `It has no title: none of ${titleNames.join(', ')} holds a text. Give the integration a mapping that says where it is.`,
    };
  }
  const own = firstText(item, keyNames);
  return { ok: true, item, title, dedupKey: own === null ? keyOfPairs(identityPairs(item, title)) : ownKey(own) };
}

function serviceIn(item: Record<string, unknown>, given: [string, string][]): string | null {
  return firstText(item, ['service']) ?? serviceOf(Object.fromEntries(mergePairs(given, otherFields(item))));
}

function actionOf(item: Record<string, unknown>): AlertSignal['action'] {
  if (item['firing'] === false) return 'resolve';
  const word = firstText(item, statusNames)?.toLowerCase();
  if (word === undefined) return 'fire';
  if (over.has(word)) return 'resolve';
  return acknowledged.has(word) ? 'acknowledge' : 'fire';
}

/** Two posts are about the same alert when these agree; a measured value or a time may differ. */
function identityPairs(item: Record<string, unknown>, title: string): [string, string][] {
  const given = textPairs(item['labels']);
  const place = placeNames.flatMap((name): [string, string][] => {
    const text = firstText(item, [name]);
    return text === null ? [] : [[`at ${name}`, text]];
  });
  return [['title', title], ['service', serviceIn(item, given) ?? ''], ...place, ...given];
}

/** Short fields that nothing else takes are labels: what can be filtered and grouped by. */
function otherFields(item: Record<string, unknown>): [string, string][] {
  return textPairs(item).filter(
    ([name, text]) => isOther(item, name) && typeof item[name] !== 'object' && text.length <= labelMax,
  );
}

function annotationPairs(item: Record<string, unknown>): [string, string][] {
  const title = titleNames.find((name) => firstText(item, [name]) !== null);
  const texts = textPairs(item).filter(([name, text]) => {
    if (textNames.includes(name) || (titleNames.includes(name) && name !== title)) return true;
    return isOther(item, name) && (typeof item[name] === 'object' || text.length > labelMax);
  });
  return mergePairs(textPairs(item['annotations']), texts);
}

function isOther(item: Record<string, unknown>, name: string): boolean {
  return !known.has(name) && Object.hasOwn(item, name);
}

function firstUrl(item: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const url = cleanUrl(item[name]);
    if (url !== null) return url;
  }
  return null;
}

function instantOf(value: unknown): number | null {
  const read = readInstant(value);
  return read.ok ? read.ms : null;
}
