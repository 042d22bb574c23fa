import { withSetting } from '#server/contract/preference.ts';
import { rowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, quarrelsWithNobody } from './face.ts';

export const preferenceActions: Faces<KindsOf<'preference'>> = {
  'preference.set': {
    base: ({ userId }) => rowKey('preference', userId),
    lane: () => 'preferences',
    guard: quarrelsWithNobody,
    refusal: null,
    predict({ userId, setting }, { at, get, put }) {
      const next = withSetting(get('preference', userId) ?? null, userId, setting, at);
      if (next !== null) put('preference', next);
    },
  },
};
