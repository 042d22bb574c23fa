import type { Postmortem } from '#server/contract/postmortem.ts';
import { sampleIncidentIds, samplePeople, sampleReviewId } from './sample-ids.ts';

/** Of the incident that is over: written in part, with one follow-up that is late. */
export function sampleReviews(ago: (minutes: number) => string, ahead: (minutes: number) => string): Postmortem[] {
  const dayMinutes = 1_440;
  return [
    {
      id: sampleReviewId(1),
      version: 4,
      incidentId: sampleIncidentIds.mail,
      summary: 'Mail relay queue grows. It lasted 1 h 40 min. 2 alerts on mail belonged to it.',
      causes: 'The relay kept one connection to a provider that answered slowly.',
      wentWell: 'The heartbeat monitor saw it before anybody wrote.',
      wentBadly: '',
      followUps: [
        {
          id: sampleReviewId(11),
          title: 'Give each provider a queue of its own',
          ownerId: samplePeople.kenji,
          dueAt: ahead(9 * dayMinutes),
          doneAt: null,
        },
        {
          id: sampleReviewId(12),
          title: 'Alert on the age of the oldest mail, not on the count',
          ownerId: samplePeople.priya,
          dueAt: ago(2 * dayMinutes),
          doneAt: null,
        },
        {
          id: sampleReviewId(13),
          title: 'Write down how to drain a relay',
          ownerId: null,
          dueAt: null,
          doneAt: ago(60),
        },
      ],
      updatedAt: ago(60),
      updatedBy: samplePeople.kenji,
      state: 'in-review',
    },
  ];
}
