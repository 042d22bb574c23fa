import { expect, it } from 'vitest';
import { arrivalSpanMs } from '#server/contract/arrivals.ts';
import { firesNow, spanOf } from '../../ui/spark.ts';
import { sampleAlert, sampleNowMs } from '../alerts/sample-alerts.ts';
import { incidentSparks } from './incident-sparks.ts';

const end = spanOf(sampleNowMs);
const instant = (spansAgo: number) => new Date((end - spansAgo) * arrivalSpanMs).toISOString();

it('adds the alerts of an incident up and leaves the others out', () => {
  const recent = { from: instant(1), counts: [2, 3] };
  const alerts = [
    sampleAlert(0, { incidentId: 'a', firstSeenAt: instant(1), recent }),
    sampleAlert(1, { incidentId: 'a', firstSeenAt: instant(1), resolvedAt: instant(0), recent }),
    sampleAlert(2, { incidentId: 'b', firstSeenAt: instant(3), recent }),
    sampleAlert(3, { incidentId: null, firstSeenAt: instant(3), recent }),
  ];
  const sparks = incidentSparks(['a', 'quiet'], alerts, end);
  expect([...sparks.keys()]).toEqual(['a', 'quiet']);
  expect(sparks.get('a')?.counts.slice(-3)).toEqual([0, 4, 6]);
  expect(firesNow(sparks.get('a')!)).toBe(true);
  expect(sparks.get('quiet')).toEqual({ counts: Array(12).fill(0), firing: 0 });
});
