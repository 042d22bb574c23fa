import {
  normaliseLabelled,
  readLabelled,
  type Times,
  type Verdict,
} from '#server/modules/ingest/sources/prometheus-family.ts';
import type { Source } from '#server/modules/ingest/sources/source.ts';

/** Alertmanager's own resolve_timeout: how long an alert without an end counts as firing when nobody repeats it. */
export const resolveTimeoutMs = 5 * 60_000;

/** POST /api/v2/alerts, which Prometheus and amtool speak: an end in the past means resolved, one ahead is when it expires. */
export const alertmanagerApi: Source = {
  format: 'alertmanager-api',
  kind: 'alertmanager',
  split(body) {
    if (Array.isArray(body)) return { ok: true, items: body };
    return { ok: false, reason: "Alertmanager's API takes a list of alerts; this body is not a list." };
  },
  check: (item, envelope) => readLabelled(item, decideByTimes(envelope.receivedAt)),
  normalise: (item, envelope) => normaliseLabelled(item, envelope, decideByTimes(envelope.receivedAt)),
};

function decideByTimes(receivedAt: number) {
  return (_item: Record<string, unknown>, { startsAt, endsAt }: Times): Verdict => {
    if (startsAt !== null && endsAt !== null && endsAt < startsAt)
      return { ok: false, reason: 'It ends before it starts.' };
    if (endsAt === null) return { ok: true, firing: true, endsAt: receivedAt + resolveTimeoutMs };
    return { ok: true, firing: endsAt > receivedAt, endsAt };
  };
}
