import type { Incident } from '#server/contract/incident.ts';
import { responseTimes } from '#server/contract/response-times.ts';
import { durationWords } from '../../time-format.ts';

export function ResponseTimes({ incident }: { incident: Incident }) {
  const { acknowledgeMs, mitigateMs, resolveMs } = responseTimes(incident);
  const words = (ms: number | null) => (ms === null ? 'not yet' : durationWords(ms));
  return (
    <section className="separator">
      <div className="room-head">
        <h2>Response times</h2>
      </div>
      <dl className="times">
        <dt>to acknowledge</dt>
        <dd>{words(acknowledgeMs)}</dd>
        <dt>to mitigate</dt>
        <dd>{words(mitigateMs)}</dd>
        <dt>to resolve</dt>
        <dd>{words(resolveMs)}</dd>
      </dl>
    </section>
  );
}
