import type { ActionKind } from '#server/contract/intent.ts';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { useSubmit } from '../../session.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** At most this many alerts go into one intent. */
export const alertsPerIntent = 500;

type Plain = Extract<ActionKind, 'alert.acknowledge' | 'alert.unacknowledge' | 'alert.resolve' | 'alert.reopen'>;

/** Bulk actions on alerts, cut into intents of the size that one may have. */
export function useAlertActions() {
  const submit = useSubmit();
  const show = useToasts((state) => state.show);

  const act = async (kind: Plain, alerts: readonly Alert[]): Promise<void> => {
    const wanted = alerts.filter((alert) => needs[kind](alert)).map((alert) => alert.id);
    if (wanted.length === 0) return show({ icon: 'minus', text: already[kind] });
    for (const alertIds of chunks(wanted)) if (!(await submit({ kind, alertIds })).ok) return;
    if (wanted.length > 1) show({ text: t`${numberText(wanted.length)} alerts: ${done[kind]}.` });
  };

  const attach = async (incident: Incident, alerts: readonly Alert[]): Promise<void> => {
    for (const alertIds of chunks(alerts.map((alert) => alert.id))) {
      if (!(await submit({ kind: 'incident.attach-alerts', incidentId: incident.id, alertIds })).ok) return;
    }
    show({
      text: t`${plural(alerts.length, { one: 'The alert goes', other: '# alerts go' })} to INC-${incident.number}.`,
    });
  };

  return { act, attach };
}

const needs: Record<Plain, (alert: Alert) => boolean> = {
  'alert.acknowledge': (alert) => alert.status === 'firing' && !alert.acknowledged,
  'alert.unacknowledge': (alert) => alert.acknowledged,
  'alert.resolve': (alert) => alert.status === 'firing',
  'alert.reopen': (alert) => alert.status === 'resolved',
};

const already: Record<Plain, string> = {
  'alert.acknowledge': t`Acknowledged or resolved already.`,
  'alert.unacknowledge': t`None of them is acknowledged.`,
  'alert.resolve': t`Resolved already.`,
  'alert.reopen': t`It is firing.`,
};

const done: Record<Plain, string> = {
  'alert.acknowledge': t`acknowledged`,
  'alert.unacknowledge': t`acknowledgement taken back`,
  'alert.resolve': t`resolved by hand`,
  'alert.reopen': t`reopened`,
};

function chunks(ids: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let i = 0; i < ids.length; i += alertsPerIntent) result.push(ids.slice(i, i + alertsPerIntent));
  return result;
}
