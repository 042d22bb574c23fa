import { useMemo } from 'react';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import { useEntity, useMe } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { peopleBehind } from '../policies/policy-words.ts';
import { useTargetWorld } from '../policies/use-target-world.ts';
import { useEscalate } from './use-escalate.ts';

/** Who would have been reached by an action that never left this machine: they can be called. */
export function useWhomToCall(item: OutboxItem): readonly string[] {
  const { action } = item.intent;
  const me = useMe();
  const incident = useEntity('incident', 'incidentId' in action ? action.incidentId : null);
  const { next } = useEscalate(incident);
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  return useMemo(() => {
    if (item.state !== 'refused') return [];
    const reached = (): readonly string[] => {
      if (action.kind !== 'escalation.escalate') return [];
      if (action.target !== null) return peopleBehind(action.target, world, minute) ?? [];
      return next.kind === 'step' ? next.people : [];
    };
    const others = reached().filter((id) => id !== me.id);
    const commander = incident?.roles.find(({ role }) => role === 'commander')?.userId ?? null;
    // Where nobody is known to be reached, whoever commands knows what to do next.
    return others.length > 0 || commander === null || commander === me.id ? others : [commander];
  }, [item.state, action, incident, next, world, minute, me.id]);
}
