import { whyNot } from '../../api/can.ts';
import { useMe } from '../../session.tsx';

/** Null when this person may declare. Not for lack of a network: then it is kept as a draft that pages nobody. */
export function useCanDeclare(): string | null {
  const { role } = useMe();
  return whyNot('incident.declare', { role, reachable: true });
}
