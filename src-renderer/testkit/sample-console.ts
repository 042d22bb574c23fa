import type { Ask, Participant, Poll } from '#server/contract/console.ts';
import { sampleId, sampleIncidentIds, samplePeople } from './sample-ids.ts';

type Instant = (minutes: number, seconds?: number) => string;

/** One with me, one late, one answered. */
export function sampleAsks(ago: Instant, ahead: Instant): Ask[] {
  const common = { version: 1, incidentId: sampleIncidentIds.checkout, askedBy: samplePeople.mara, cancelledAt: null };
  return [
    {
      ...common,
      id: sampleId('ask', 1),
      text: 'Are invoice orders really unaffected in eu?',
      ownerId: samplePeople.priya,
      askedAt: ago(6),
      dueAt: ahead(3, 50),
      overdueAt: null,
      answer: null,
    },
    {
      ...common,
      id: sampleId('ask', 2),
      version: 2,
      text: 'Which acquirers see declines?',
      ownerId: samplePeople.lucia,
      askedAt: ago(13),
      dueAt: ago(3),
      overdueAt: ago(3),
      answer: null,
    },
    {
      ...common,
      id: sampleId('ask', 3),
      version: 2,
      text: 'Can we roll back without a migration?',
      ownerId: samplePeople.diego,
      askedAt: ago(17),
      dueAt: ago(12),
      overdueAt: null,
      answer: {
        at: ago(14),
        by: samplePeople.diego,
        outcome: 'answered',
        text: 'Yes, 4.18.0 changed no table.',
      },
    },
  ];
}

export function samplePolls(ago: Instant, ahead: Instant): Poll[] {
  return [
    {
      id: sampleId('poll', 1),
      version: 3,
      incidentId: sampleIncidentIds.checkout,
      question: 'Roll back all of eu at once?',
      openedBy: samplePeople.mara,
      openedAt: ago(0, 50),
      closesAt: ahead(1, 10),
      asked: [samplePeople.diego, samplePeople.lucia, samplePeople.priya],
      votes: [
        {
          userId: samplePeople.lucia,
          at: ago(0, 30),
          objects: true,
          reason: 'Leave one pod: the acquirer caps new sessions.',
        },
        { userId: samplePeople.diego, at: ago(0, 20), objects: false, reason: null },
      ],
      outcome: null,
      closedAt: null,
    },
  ];
}

export function sampleParticipants(ago: Instant): Participant[] {
  const rows: [string, Participant['via'], number, number | null][] = [
    [samplePeople.diego, 'acknowledge', 23, null],
    [samplePeople.mara, 'role', 19, null],
    [samplePeople.lucia, 'role', 17, null],
    [samplePeople.kenji, 'task', 18, 4],
    [samplePeople.priya, 'ask', 6, null],
  ];
  return rows.map(([userId, via, joined, released], index) => ({
    id: sampleId('participant', index + 1),
    version: released === null ? 1 : 2,
    incidentId: sampleIncidentIds.checkout,
    userId,
    joinedAt: ago(joined),
    via,
    releasedAt: released === null ? null : ago(released),
    releasedBy: released === null ? null : samplePeople.mara,
  }));
}
