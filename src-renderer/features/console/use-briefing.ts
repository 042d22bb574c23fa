import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { useNameOf, useOfIncident } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { briefing } from './briefing.ts';

/** What is known here about the incident, as the text of a hand-over; as of when the dialog opened. */
export function useBriefing(incident: Incident): string {
  const nameOf = useNameOf();
  const asks = useOfIncident('ask', incident.id);
  const polls = useOfIncident('poll', incident.id);
  const tasks = useOfIncident('task', incident.id);
  return useMemo(
    () => briefing({ incident, asks, polls, tasks, nameOf, now: serverNow() }),
    [incident, asks, polls, tasks, nameOf],
  );
}
