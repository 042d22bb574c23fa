import type { TimelineData, TimelineEntry } from '#server/contract/incident.ts';
import { sampleId, sampleIncidentIds } from './sample-ids.ts';

export function sampleTimeline(ago: (minutes: number) => string): TimelineEntry[] {
  const rows: [
    number,
    TimelineEntry['kind'],
    TimelineEntry['source'],
    string,
    string,
    string | null,
    boolean?,
    TimelineData?,
  ][] = [
    [25, 'alert', 'alert', 'Alertmanager eu-1', 'payments-db connections above 80 %', 'First sign, in hindsight'],
    [
      24,
      'declared',
      'rule',
      'By service and environment',
      'Opened with 3 alerts',
      'service is checkout, env is prod, within 90 s',
      false,
      { severity: { from: null, to: 'sev2' }, status: { from: null, to: 'triggered' } },
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
    [
      23,
      'status',
      'person',
      'Diego Santos',
      'Acknowledged in 41 s',
      null,
      false,
      { status: { from: 'triggered', to: 'acknowledged' } },
    ],
    [19, 'role', 'person', 'Mara Lindqvist', 'Took command', 'Offered by Diego Santos, accepted'],
    [16, 'update', 'person', 'Mara Lindqvist', 'Update 1: investigating card payment errors', null],
    [12, 'note', 'person', 'Kenji Mori', '288 sessions idle in transaction, nearly all from pods on 4.18.0.', null],
    [9, 'update', 'person', 'Mara Lindqvist', 'Update 2: cause narrowed to the release', 'Next one due in 15 min'],
    [5, 'note', 'person', 'Mara Lindqvist', 'Decision: roll payments back, pod by pod', 'No objection heard', true],
    [3, 'task', 'person', 'Diego Santos', 'pay-7f9c rolled back to 4.17.2', null],
    [
      1,
      'severity',
      'person',
      'Mara Lindqvist',
      'Severity 2 to 1, impact reached 38 %',
      null,
      false,
      { severity: { from: 'sev2', to: 'sev1' } },
    ],
    [0.6, 'role', 'person', 'Mara Lindqvist', 'Offered the role scribe to Priya Raman', null],
  ];
  return rows.map(([minutes, kind, source, actor, text, detail, starred = false, data = null], index) => ({
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
    data,
  }));
}

/** So long a storm takes. */
export const manyHours = 20;

/** A storm of a timeline, made up by number: the same count gives the same rows. */
export function manyEvents(count: number, now: number): TimelineEntry[] {
  const people = ['Mara Lindqvist', 'Diego Santos', 'Kenji Mori', 'Priya Raman', 'Lucía Ferrer'];
  return Array.from({ length: count }, (_, i): TimelineEntry => {
    // Thick at the start, thinner towards now, with waves in it.
    const share = (i + 0.5) / count;
    const wave = Math.sin(i / 97) * 0.004;
    const at = new Date(
      now - manyHours * 3_600_000 * (1 - Math.min(0.999, share ** 1.6 + Math.abs(wave))),
    ).toISOString();
    const person = people[i % people.length] ?? '';
    const kind: TimelineEntry['kind'] =
      i % 9 === 0 ? 'note' : i % 23 === 0 ? 'update' : i % 31 === 0 ? 'page' : i % 13 === 0 ? 'task' : 'alert';
    const byPerson = kind === 'note' || kind === 'update' || kind === 'task';
    return {
      id: sampleId('timeline', i + 100),
      version: 1,
      incidentId: sampleIncidentIds.checkout,
      at,
      recordedAt: at,
      kind,
      source: byPerson ? 'person' : kind === 'alert' ? 'alert' : 'system',
      actorId: null,
      actor: byPerson ? person : 'Alertmanager eu-1',
      text: byPerson ? `Step ${i} of the rollback looks as it should` : `Alert joined: ProbeFailed on node ${i % 400}`,
      detail: null,
      alertId: null,
      starred: i % 997 === 0,
      data: null,
    };
  });
}
