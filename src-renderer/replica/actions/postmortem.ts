import type { Row } from '../rows.ts';
import { type Faces, type KindsOf, ofIncident } from './face.ts';

export const postmortemActions: Faces<KindsOf<'postmortem'>> = {
  'postmortem.edit': {
    // Known by its incident, not by an id of its own: the replica looks the version up.
    base: () => null,
    lane: ofIncident,
    guard: (action) => `postmortem:${action.incidentId}`,
    refusal: null,
    predict({ kind: _kind, ...written }, { at, me, put, postmortemOf }) {
      const before = postmortemOf(written.incidentId);
      if (before !== undefined) put('postmortem', { ...before, ...written, updatedAt: at, updatedBy: me.id } as Row);
    },
  },
};
