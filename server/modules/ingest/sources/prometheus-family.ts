// What Alertmanager, its API and Grafana have in common: alerts told apart by their labels.
import type { AlertSignal } from '#server/contract/signal.ts';
import { fingerprintOf, keyOfPairs } from '#server/modules/ingest/identity.ts';
import { beganAt, readInstant } from '#server/modules/ingest/instant.ts';
import { serviceOf } from '#server/modules/ingest/service-name.ts';
import { severityOf } from '#server/modules/ingest/severity-words.ts';
import type { Envelope, Normalised } from '#server/modules/ingest/sources/source.ts';
import {
  cleanPairs,
  cleanText,
  cleanUrl,
  firstText,
  isObject,
  textLimits,
  textPairs,
} from '#server/modules/ingest/text.ts';

export interface Times {
  startsAt: number | null;
  endsAt: number | null;
}

/** Firing or not, and until when, by the rules of the one source. */
export type Verdict = { ok: true; firing: boolean; endsAt: number | null } | { ok: false; reason: string };

type Decide = (item: Record<string, unknown>, times: Times) => Verdict;

type Read =
  | {
      ok: true;
      item: Record<string, unknown>;
      pairs: [string, string][];
      dedupKey: string;
      startsAt: number | null;
      verdict: Verdict & { ok: true };
    }
  | { ok: false; reason: string };

/** The part that decides whether an alert is taken, and which one it is. */
export function readLabelled(item: unknown, decide: Decide): Read {
  if (!isObject(item)) return { ok: false, reason: 'It is not an object.' };
  const pairs = textPairs(item['labels']);
  if (pairs.length === 0) return { ok: false, reason: 'It has no labels, and labels are what tells alerts apart.' };
  const startsAt = readInstant(item['startsAt']);
  if (!startsAt.ok) return { ok: false, reason: 'startsAt is not an RFC 3339 time.' };
  const endsAt = readInstant(item['endsAt']);
  if (!endsAt.ok) return { ok: false, reason: 'endsAt is not an RFC 3339 time.' };
  const verdict = decide(item, { startsAt: startsAt.ms, endsAt: endsAt.ms });
  if (!verdict.ok) return verdict;
  return { ok: true, item, pairs, dedupKey: keyOfPairs(pairs), startsAt: startsAt.ms, verdict };
}

export function normaliseLabelled(posted: unknown, envelope: Envelope, decide: Decide): Normalised<AlertSignal> {
  const read = readLabelled(posted, decide);
  if (!read.ok) return read;
  const { item, pairs, dedupKey, startsAt, verdict } = read;
  const labels = cleanPairs(pairs, textLimits.labelValue);
  const annotations = cleanPairs(textPairs(item['annotations']), textLimits.annotationValue);
  const title =
    firstText(labels, ['alertname']) ?? firstText(annotations, ['title', 'summary']) ?? labelsAsTitle(labels);
  return {
    ok: true,
    signal: {
      kind: 'alert',
      action: verdict.firing ? 'fire' : 'resolve',
      integrationId: envelope.integrationId,
      source: envelope.source,
      dedupKey,
      fingerprint: fingerprintOf(envelope.integrationId, dedupKey),
      title: cleanText(title, textLimits.title),
      severity: severityOf(firstText(labels, ['severity', 'priority', 'level'])),
      service: serviceOf(labels),
      labels,
      annotations,
      sourceUrl: cleanUrl(item['generatorURL']),
      runbookUrl: cleanUrl(firstText(annotations, ['runbook_url', 'runbook', 'runbookUrl', 'runbookURL'])),
      startsAt: beganAt(startsAt, envelope.receivedAt),
      endsAt: verdict.endsAt,
      receivedAt: envelope.receivedAt,
    },
  };
}

/** For sources that say it themselves. What fires has no end: the source will say that too. */
export function decideByStatus(item: Record<string, unknown>, { endsAt }: Times): Verdict {
  if (item['status'] === 'firing') return { ok: true, firing: true, endsAt: null };
  if (item['status'] === 'resolved') return { ok: true, firing: false, endsAt };
  return { ok: false, reason: 'Its status is neither “firing” nor “resolved”.' };
}

function labelsAsTitle(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
