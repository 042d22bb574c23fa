// PagerDuty's Events API v2: a client of it works here with only its base address changed.
import type { Severity } from '#server/contract/severity.ts';
import { dedupKeyMax, fingerprintOf, ownKey } from '#server/modules/ingest/identity.ts';
import { beganAt, readInstant } from '#server/modules/ingest/instant.ts';
import { serviceOf } from '#server/modules/ingest/service-name.ts';
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

const severities = new Map<unknown, Severity>([
  ['critical', 'sev1'],
  ['error', 'sev2'],
  ['warning', 'sev3'],
  ['info', 'info'],
]);
const actions = { trigger: 'fire', acknowledge: 'acknowledge', resolve: 'resolve' } as const;
/** One line up to this length is a label, which rules and filters see; longer details are for reading. */
const labelDetailMax = 200;

export const eventsV2: Source = {
  format: 'events-v2',
  kind: 'events-v2',
  split(body, newKey) {
    if (!isObject(body)) return { ok: false, reason: 'An event is a JSON object.' };
    // The routing key is a secret: it goes no further than the door.
    const { routing_key: _secret, ...event } = body;
    const unnamed = event['dedup_key'] === undefined || event['dedup_key'] === null || event['dedup_key'] === '';
    return {
      ok: true,
      items: [unnamed && event['event_action'] === 'trigger' ? { ...event, dedup_key: newKey() } : event],
    };
  },
  check: readEvent,
  normalise(posted, envelope) {
    const read = readEvent(posted);
    if (!read.ok) return read;
    const { item, dedupKey } = read;
    const payload = isObject(item['payload']) ? item['payload'] : {};
    const { labels, annotations } = describe(item, payload);
    const links = readLinks(item['links']);
    const startsAt = readInstant(payload['timestamp']);
    const began = startsAt.ok ? beganAt(startsAt.ms, envelope.receivedAt) : null;
    return {
      ok: true,
      signal: {
        kind: 'alert',
        action: actions[item['event_action'] as keyof typeof actions],
        integrationId: envelope.integrationId,
        source: envelope.source,
        dedupKey,
        fingerprint: fingerprintOf(envelope.integrationId, dedupKey),
        title: cleanText(firstText(payload, ['summary']) ?? dedupKey, textLimits.title),
        severity: severities.get(payload['severity']) ?? 'sev3',
        service: serviceOf({ ...labels, job: undefined, namespace: undefined }),
        labels,
        annotations,
        sourceUrl: cleanUrl(item['client_url']) ?? links[0]?.href ?? null,
        runbookUrl: links.find((link) => /run\s?book/i.test(link.text ?? ''))?.href ?? null,
        startsAt: began,
        endsAt: null,
        receivedAt: envelope.receivedAt,
      },
    };
  },
};

export const changeEvents: Source = {
  format: 'change',
  kind: 'events-v2',
  split(body) {
    if (!isObject(body)) return { ok: false, reason: 'A change event is a JSON object.' };
    const { routing_key: _secret, ...event } = body;
    return { ok: true, items: [event] };
  },
  check: readChange,
  normalise(posted, envelope) {
    const read = readChange(posted);
    if (!read.ok) return read;
    const { item, payload, summary } = read;
    const at = readInstant(payload['timestamp']);
    const details = isObject(payload['custom_details']) ? payload['custom_details'] : {};
    return {
      ok: true,
      signal: {
        kind: 'change',
        integrationId: envelope.integrationId,
        source: envelope.source,
        title: cleanText(summary, textLimits.title),
        service: serviceOf(details) ?? serviceOf(payload),
        at: (at.ok ? beganAt(at.ms, envelope.receivedAt) : null) ?? envelope.receivedAt,
        links: readLinks(item['links']),
        receivedAt: envelope.receivedAt,
      },
    };
  },
};

type Refused = { ok: false; reason: string };

function readEvent(item: unknown): { ok: true; item: Record<string, unknown>; dedupKey: string } | Refused {
  if (!isObject(item)) return { ok: false, reason: 'An event is a JSON object.' };
  const errors = eventErrors(item);
  if (errors.length > 0) return { ok: false, reason: errors.join('; ') };
  return { ok: true, item, dedupKey: ownKey(String(item['dedup_key'])) };
}

type Fields = Record<string, unknown>;

function readChange(
  item: unknown,
): { ok: true; item: Fields; payload: Fields; summary: string; dedupKey: null } | Refused {
  const payload = isObject(item) && isObject(item['payload']) ? item['payload'] : null;
  if (!isObject(item) || payload === null) return { ok: false, reason: "'payload' is missing or is not an object" };
  const summary = payload['summary'];
  if (typeof summary !== 'string' || summary.trim() === '')
    return { ok: false, reason: "'payload.summary' is missing or blank" };
  return { ok: true, item, payload, summary: summary.trim(), dedupKey: null };
}

function eventErrors(event: Record<string, unknown>): string[] {
  const errors: string[] = [];
  const action = event['event_action'];
  if (typeof action !== 'string' || !Object.hasOwn(actions, action)) {
    errors.push("'event_action' must be one of trigger, acknowledge, resolve");
  }
  const key = event['dedup_key'];
  if (key === undefined || key === null || key === '') errors.push("'dedup_key' is missing or blank");
  else if (typeof key !== 'string') errors.push("'dedup_key' must be a string");
  else if (key.length > dedupKeyMax) {
    errors.push(`Length of 'dedup_key' is incorrect (should be between 1 and ${dedupKeyMax})`);
  }
  if (action !== 'trigger') return errors;

  const payload = event['payload'];
  if (!isObject(payload)) return [...errors, "'payload' is missing or is not an object"];
  for (const name of ['summary', 'source']) {
    const value = payload[name];
    if (typeof value !== 'string' || value.trim() === '') errors.push(`'payload.${name}' is missing or blank`);
  }
  if (!severities.has(payload['severity'])) {
    errors.push("'payload.severity' must be one of critical, error, warning, info");
  }
  return errors;
}

function describe(event: Record<string, unknown>, payload: Record<string, unknown>) {
  const { source, component, group, class: kind } = payload;
  const labels = textPairs({ source, component, group, class: kind });
  const annotations = textPairs({ client: event['client'] });
  const detailLabels: [string, string][] = [];
  const details = isObject(payload['custom_details'])
    ? payload['custom_details']
    : { details: payload['custom_details'] };
  for (const [name, text] of textPairs(details)) {
    const long = typeof details[name] === 'object' || text.length > labelDetailMax || text.includes('\n');
    (long ? annotations : detailLabels).push([name, text]);
  }
  readLinks(event['links']).forEach((link, i) => annotations.push([link.text ?? `link ${i + 1}`, link.href]));
  readImages(event['images']).forEach((src, i) => annotations.push([`image ${i + 1}`, src]));
  return {
    labels: cleanPairs(mergePairs(labels, detailLabels), textLimits.labelValue),
    annotations: cleanPairs(annotations, textLimits.annotationValue),
  };
}

function readLinks(value: unknown): { href: string; text: string | null }[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 20).flatMap((link: unknown) => {
    const href = isObject(link) ? cleanUrl(link['href']) : null;
    if (!isObject(link) || href === null) return [];
    const text = firstText(link, ['text']);
    return [{ href, text: text === null ? null : cleanText(text, textLimits.labelName) }];
  });
}

function readImages(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 20).flatMap((image: unknown) => (isObject(image) ? (cleanUrl(image['src']) ?? []) : []));
}
