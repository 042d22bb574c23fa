import type { Row } from '../rows/rows.ts';
import { type Faces, type KindsOf, ofIncident, quarrelsWithNobody, type Scene } from './face.ts';

export const postmortemActions: Faces<KindsOf<'postmortem'>> = {
  'postmortem.edit': {
    // Known by its incident, not by an id of its own: the replica looks the version up.
    base: () => null,
    lane: ofIncident,
    guard: (action) => `postmortem:${action.incidentId}`,
    refusal: null,
    predict({ kind: _kind, ...written }, scene) {
      const before = shown(written.incidentId, scene);
      if (before === undefined) return;
      scene.put('postmortem', { ...before, ...written, updatedAt: scene.at, updatedBy: scene.me.id } as Row);
    },
  },
  'postmortem.set-state': {
    base: () => null,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: null,
    predict({ incidentId, state }, scene) {
      const before = shown(incidentId, scene);
      if (before !== undefined) scene.put('postmortem', { ...before, state } as Row);
    },
  },
};

/** With what is queued before it. */
function shown(incidentId: string, { get, postmortemOf }: Pick<Scene, 'get' | 'postmortemOf'>) {
  const base = postmortemOf(incidentId);
  return base === undefined ? undefined : (get('postmortem', base.id) ?? base);
}
