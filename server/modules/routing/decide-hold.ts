// Whether a silence or an inhibition holds an incident's pages back. Pure.
import type { RouteSubject } from '#server/expressions/cel.ts';
import type { DocumentList } from '#server/modules/config/state.ts';
import { inhibitedBy, type OpenIncident } from '#server/modules/routing/inhibit.ts';

export interface SilenceCheck {
  id: string;
  /** "The silence “nightly export” until 16:00", in words. */
  name: string;
  /** Of the incident's firing alerts. */
  suppresses: number;
}

export interface HoldInput {
  incidentId: string;
  subject: RouteSubject;
  /** Firing alerts of the incident; a declared one has none and is never silenced. */
  firing: number;
  suppressed: number;
  /** Active ones, with how many of its alerts each suppresses. */
  silences: SilenceCheck[];
  inhibitions: DocumentList<'inhibition'>;
  /** Open incidents that an inhibition lets hold this one. */
  causes: OpenIncident[];
}

export interface HoldOutput {
  held: boolean;
  by: 'silence' | 'inhibition' | null;
  silenceIds: string[];
  inhibitionId: string | null;
  causeIncidentId: string | null;
  /** In words, with what was checked. */
  text: string;
}

export function decideHold(input: HoldInput): HoldOutput {
  const { firing, suppressed, silences } = input;
  const free: Omit<HoldOutput, 'text'> = {
    held: false,
    by: null,
    silenceIds: [],
    inhibitionId: null,
    causeIncidentId: null,
  };
  if (firing > 0 && suppressed >= firing) {
    const holding = silences.filter((silence) => silence.suppresses > 0);
    const names = holding.map((silence) => silence.name).join(', ');
    const silenceIds = holding.map((silence) => silence.id);
    const alerts = firing === 1 ? 'its only firing alert is' : `all of its ${firing} firing alerts are`;
    return {
      ...free,
      held: true,
      by: 'silence',
      silenceIds,
      text: `${alerts} silenced${names === '' ? '' : ` by ${names}`}`,
    };
  }
  const inhibited = inhibitedBy(input.inhibitions, input.incidentId, input.subject, input.causes);
  if (inhibited !== null) {
    const { cause, equal } = inhibited;
    const same = equal.length === 0 ? '' : `, same ${equal.join(' and ')}`;
    return {
      ...free,
      held: true,
      by: 'inhibition',
      inhibitionId: inhibited.inhibitionId,
      causeIncidentId: cause.incidentId,
      text: `“${inhibited.name}” holds it while INC-${cause.number} is open${same}`,
    };
  }
  return { ...free, text: checkedInWords(input) };
}

function checkedInWords({ silences, firing, suppressed, inhibitions, causes }: HoldInput): string {
  const partly = suppressed > 0 ? `${suppressed} of ${firing} firing alerts are silenced, not all; ` : '';
  const active = silences.length === 0 ? 'no silence is active' : `${silences.length} checked: ${namesOf(silences)}`;
  const rules = inhibitions.items.filter((rule) => rule.draft.enabled).length;
  const heldCauses = causes.length === 0 ? 'no cause is open' : 'its possible causes are held themselves';
  return `${partly}${active}${rules === 0 ? '' : `; ${rules === 1 ? '1 inhibition' : `${rules} inhibitions`}, ${heldCauses}`}`;
}

function namesOf(silences: readonly SilenceCheck[]): string {
  const shown = silences.slice(0, 3).map((silence) => silence.name);
  return silences.length > 3 ? `${shown.join(', ')} and ${silences.length - 3} more` : shown.join(', ');
}
