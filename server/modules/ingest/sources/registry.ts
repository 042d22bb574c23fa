import type { Signal } from '#server/contract/signal.ts';
import { alertmanagerApi } from '#server/modules/ingest/sources/alertmanager-api.ts';
import { alertmanagerWebhook } from '#server/modules/ingest/sources/alertmanager.ts';
import { changeEvents, eventsV2 } from '#server/modules/ingest/sources/events-v2.ts';
import { generic } from '#server/modules/ingest/sources/generic.ts';
import { grafana } from '#server/modules/ingest/sources/grafana.ts';
import { heartbeat } from '#server/modules/ingest/sources/heartbeat.ts';
import type { Format, Normalised, Source, SourceKind } from '#server/modules/ingest/sources/source.ts';
import { isObject } from '#server/modules/ingest/text.ts';
import type { LogRecord } from '#server/ports/event-log.ts';

/** A new source is one file and one line here. */
export const sources: Record<Format, Source> = {
  alertmanager: alertmanagerWebhook,
  'alertmanager-api': alertmanagerApi,
  'events-v2': eventsV2,
  change: changeEvents,
  grafana,
  generic,
  heartbeat,
};

interface Payload {
  integrationId: string;
  source: SourceKind;
  item: unknown;
}

/** The consumer's first step: a record of the log → what it says about one alert, or why it cannot be read. */
export function normaliseRecord(record: Pick<LogRecord, 'type' | 'payload' | 'receivedAt'>): Normalised<Signal> {
  const source = Object.hasOwn(sources, record.type) ? sources[record.type as Format] : undefined;
  if (source === undefined)
    return { ok: false, reason: `No source is called “${record.type}” in this version of the program.` };
  const payload = readPayload(record.payload);
  if (payload === null) return { ok: false, reason: 'The stored payload is not what the accepting side writes.' };
  return source.normalise(payload.item, {
    integrationId: payload.integrationId,
    source: payload.source,
    receivedAt: record.receivedAt,
  });
}

function readPayload(text: string): Payload | null {
  try {
    const payload: unknown = JSON.parse(text);
    if (!isObject(payload) || typeof payload['integrationId'] !== 'string' || typeof payload['source'] !== 'string')
      return null;
    return {
      integrationId: payload['integrationId'],
      source: payload['source'] as SourceKind,
      item: payload['item'],
    };
  } catch {
    return null;
  }
}
