// What a mail of an update says. It carries what its writer wrote for its readers, and nothing that came from an alert.
import { instantWords } from '#server/contract/instant-words.ts';
import { severityInWords } from '#server/contract/severity.ts';
import type { IncidentDigest } from '#server/modules/notify/channel-type.ts';

export interface UpdateMail {
  subject: string;
  text: string;
}

const subjectMax = 200;

/** The digest is the one for outsiders: of a restricted incident it has no impact. */
export function updateMail(
  update: { number: number; text: string },
  incident: Pick<IncidentDigest, 'number' | 'severity' | 'status' | 'impact'>,
  listName: string,
  nextDueAt: string | null,
): UpdateMail {
  const subject = `INC-${incident.number} update ${update.number}: ${incident.impact ?? severityInWords(incident.severity)}`;
  const next = nextDueAt === null ? '' : `\nNext update by ${instantWords(nextDueAt)}.`;
  return {
    subject: subject.length <= subjectMax ? subject : `${subject.slice(0, subjectMax - 1)}…`,
    text: `${update.text}\n\nStatus: ${statusWords[incident.status]}.${next}\n\nYou get this because you are on the list ${listName}.`,
  };
}

export const statusWords = {
  triggered: 'nobody has taken it up yet',
  acknowledged: 'being worked on',
  mitigated: 'the effect is over, being watched',
  resolved: 'resolved',
} as const;
