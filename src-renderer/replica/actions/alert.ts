import type { EntityOf } from '#server/contract/replica.ts';
import { t } from '../../language/words.ts';
import { rowKey, type RowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, quarrelsWithNobody, type Scene } from './face.ts';

/** Alerts are acted on in bulk, and a result names no version. */
const bulk = {
  base: () => null,
  touches: (action: { alertIds: readonly string[] }): RowKey[] => action.alertIds.map((id) => rowKey('alert', id)),
  lane: () => 'alerts',
  guard: quarrelsWithNobody,
};
const needsServer = t`the server closes and reopens alerts; their source may be reporting to it right now`;

export const alertActions: Faces<KindsOf<'alert'>> = {
  'alert.acknowledge': {
    ...bulk,
    refusal: null,
    predict: ({ alertIds }, scene) =>
      changeAlerts(alertIds, scene, { acknowledged: true, acknowledgedBy: scene.me.id, acknowledgedAt: scene.at }),
  },
  'alert.unacknowledge': {
    ...bulk,
    refusal: null,
    predict: ({ alertIds }, scene) =>
      changeAlerts(alertIds, scene, { acknowledged: false, acknowledgedBy: null, acknowledgedAt: null }),
  },
  'alert.resolve': { ...bulk, refusal: needsServer },
  'alert.reopen': { ...bulk, refusal: needsServer },
};

function changeAlerts(ids: readonly string[], { get, put }: Scene, marks: Partial<EntityOf<'alert'>>): void {
  for (const id of ids) {
    const alert = get('alert', id);
    if (alert !== undefined) put('alert', { ...alert, ...marks });
  }
}
