import { useCallback, useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { whyNot } from '../../api/can.ts';
import { t } from '../../language/words.ts';
import { useEntity, useMe, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { useTargetWorld } from '../policies/use-target-world.ts';
import { type NextStep, nextStepOf } from './escalate-facts.ts';

export interface Escalating {
  next: NextStep;
  /** `escalate to Diego Santos`: the key always shows its target. */
  label: string;
  /** Not for lack of a network: then the dialog says whom to call. */
  unavailable: string | null;
}

export function useEscalate(incident: Incident | undefined): Escalating {
  const { role } = useMe();
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  const escalation = useEntity('escalation', incident?.id ?? null);
  const policy = useEntity('policy', escalation?.policyId ?? null);
  const severity = incident?.severity ?? 'info';
  const next = useMemo(
    () => nextStepOf(escalation, policy, { world, severity, atMs: minute }),
    [escalation, policy, world, severity, minute],
  );
  return {
    next,
    label: next.kind === 'step' ? t`escalate to ${next.short}` : t`escalate to…`,
    unavailable:
      incident === undefined
        ? t`no incident is focused`
        : whyNot('escalation.escalate', { role, reachable: true }, incident),
  };
}

/** For any incident: whom the next step would page, as a button says it; null where there is none. */
export function useEscalateTo(): (incidentId: string) => string | null {
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  const incidents = useTable('incident').rows;
  const escalations = useTable('escalation').rows;
  const policies = useTable('policy').rows;
  return useCallback(
    (incidentId) => {
      const escalation = escalations.get(incidentId);
      const policy = policies.get(escalation?.policyId ?? '');
      const severity = incidents.get(incidentId)?.severity ?? 'info';
      const next = nextStepOf(escalation, policy, { world, severity, atMs: minute });
      return next.kind === 'step' ? next.short : null;
    },
    [world, minute, incidents, escalations, policies],
  );
}
