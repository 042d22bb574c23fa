import { cleanText, firstText, textLimits } from '#server/modules/ingest/text.ts';

const names =
  'service service_name service.name app application app.kubernetes.io/name app_kubernetes_io_name component job namespace'.split(
    ' ',
  );

/** The service an alert is about, from the labels that commonly name it, most telling first. */
export function serviceOf(labels: Record<string, unknown>): string | null {
  const name = firstText(labels, names);
  return name === null ? null : cleanText(name, textLimits.service);
}
