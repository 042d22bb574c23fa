import { rowKey, type Row } from '../rows/rows.ts';
import { type Faces, type KindsOf } from './face.ts';

const view = {
  base: (action: { viewId: string }) => rowKey('view', action.viewId),
  lane: (action: { viewId: string }) => `view:${action.viewId}`,
  guard: (action: { viewId: string }) => `view:${action.viewId}`,
  refusal: null,
};

export const viewActions: Faces<KindsOf<'view'>> = {
  'view.save': {
    ...view,
    predict(action, { me, get, put }) {
      put('view', {
        id: action.viewId,
        version: get('view', action.viewId)?.version ?? 0,
        name: action.name,
        filter: action.filter,
        shared: action.shared,
        ownerId: me.id,
      } as Row);
    },
  },
  'view.delete': { ...view, predict: (action, { hide }) => hide('view', action.viewId) },
};
