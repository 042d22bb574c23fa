import type { TimelineEntry } from '#server/contract/incident.ts';
import { sampleId, sampleIncidentIds } from './sample-ids.ts';

export function sampleTimeline(ago: (minutes: number) => string): TimelineEntry[] {
  const rows: [number, TimelineEntry['kind'], TimelineEntry['source'], string, string, string | null, boolean?][] = [
    [25, 'alert', 'alert', 'Alertmanager eu-1', 'payments-db connections above 80 %', 'First sign, in hindsight'],
    [
      24,
      'declared',
      'rule',
      'By service and environment',
      'Opened with 3 alerts',
      'service is checkout, env is prod, within 90 s',
    ],
    [
      23.9,
      'alert',
      'alert',
      'Alertmanager eu-1',
      'Card checkouts start to fail, 4 % then 19 %',
      'CheckoutErrorRatioHigh',
    ],
    [23.5, 'membership', 'rule', 'By service and environment', '4 more alerts joined', 'same database within 90 s'],
    [23, 'status', 'person', 'Diego Santos', 'Acknowledged in 41 s', null],
    [19, 'role', 'person', 'Mara Lindqvist', 'Took command', 'Offered by Diego Santos, accepted'],
    [16, 'update', 'person', 'Mara Lindqvist', 'Update 1: investigating card payment errors', null],
    [12, 'note', 'person', 'Kenji Mori', '288 sessions idle in transaction, nearly all from pods on 4.18.0.', null],
    [9, 'update', 'person', 'Mara Lindqvist', 'Update 2: cause narrowed to the release', 'Next one due in 15 min'],
    [5, 'note', 'person', 'Mara Lindqvist', 'Decision: roll payments back, pod by pod', 'No objection heard', true],
    [3, 'task', 'person', 'Diego Santos', 'pay-7f9c rolled back to 4.17.2', null],
    [1, 'severity', 'person', 'Mara Lindqvist', 'Severity 2 to 1, impact reached 38 %', null],
    [0.6, 'role', 'person', 'Mara Lindqvist', 'Offered the role scribe to Priya Raman', null],
  ];
  return rows.map(([minutes, kind, source, actor, text, detail, starred = false], index) => ({
    id: sampleId('timeline', index + 1),
    version: 1,
    incidentId: sampleIncidentIds.checkout,
    at: ago(minutes),
    recordedAt: ago(minutes),
    kind,
    source,
    actorId: null,
    actor,
    text,
    detail,
    alertId: null,
    starred,
  }));
}
