import { decideByStatus, normaliseLabelled, readLabelled } from '#server/modules/ingest/sources/prometheus-family.ts';
import type { Normalised, Source } from '#server/modules/ingest/sources/source.ts';
import { cleanText, cleanUrl, isObject, textLimits, textOf } from '#server/modules/ingest/text.ts';

/** Grafana's unified alerting webhook. */
export const grafana: Source = {
  format: 'grafana',
  kind: 'grafana',
  split(body) {
    if (isObject(body) && Array.isArray(body['alerts'])) return { ok: true, items: body['alerts'] };
    return { ok: false, reason: 'A Grafana alerting webhook carries a list “alerts”; this body has none.' };
  },
  check: (item) => readLabelled(item, decideByStatus),
  normalise(item, envelope) {
    const normalised = normaliseLabelled(item, envelope, decideByStatus);
    return normalised.ok && isObject(item) ? withLinks(normalised, item) : normalised;
  },
};

/** A panel shows more than the rule it came from; the values are what the person who looks wants to know first. */
function withLinks(normalised: Extract<Normalised, { ok: true }>, item: Record<string, unknown>): Normalised {
  const { signal } = normalised;
  if (signal.kind !== 'alert') return normalised;
  const extra: [string, string][] = [];
  const values = textOf(item['valueString']) ?? textOf(item['values']);
  if (values !== null && values !== '') extra.push(['values', cleanText(values, textLimits.annotationValue)]);
  for (const name of ['dashboardURL', 'silenceURL', 'imageURL']) {
    const url = cleanUrl(item[name]);
    if (url !== null) extra.push([name, url]);
  }
  return {
    ok: true,
    signal: {
      ...signal,
      sourceUrl: cleanUrl(item['panelURL']) ?? cleanUrl(item['dashboardURL']) ?? signal.sourceUrl,
      annotations: Object.fromEntries([...extra, ...Object.entries(signal.annotations)]),
    },
  };
}
