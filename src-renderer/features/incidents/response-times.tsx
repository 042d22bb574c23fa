import type { Incident } from '#server/contract/incident.ts';
import { responseTimes } from '#server/contract/response-times.ts';
import { t } from '../../language/words.ts';
import { durationWords } from '../../time-format.ts';

export function ResponseTimes({ incident }: { incident: Incident }) {
  const { acknowledgeMs, mitigateMs, resolveMs } = responseTimes(incident);
  const words = (ms: number | null) =>
    ms === null ? (incident.resolvedAt === null ? t`not yet` : t`never`) : durationWords(ms);
  return (
    <section className="separator">
      <div className="room-head">
        <h2>{t`Response times`}</h2>
      </div>
      <dl className="times">
        <dt>{t`to acknowledge`}</dt>
        <dd>{words(acknowledgeMs)}</dd>
        <dt>{t`to mitigate`}</dt>
        <dd>{words(mitigateMs)}</dd>
        <dt>{t`to resolve`}</dt>
        <dd>{words(resolveMs)}</dd>
      </dl>
    </section>
  );
}
