// Deciding on a status update. All of it needs the server: what is published cannot be taken back.
import { rowKey, type RowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, ofIncident } from './face.ts';
import { t } from '../../language/words.ts';

const ofUpdate = (action: { updateId: string }): RowKey => rowKey('statusUpdate', action.updateId);
const guard = (action: { updateId: string }): string => `statusUpdate:${action.updateId}`;

const deciding = { base: ofUpdate, lane: ofIncident, guard };

export const updateActions: Faces<KindsOf<'update'>> = {
  'update.decide': { ...deciding, refusal: t`approving publishes at once, and that needs the server` },
  'update.withdraw': { ...deciding, refusal: t`the server may be publishing it at this moment` },
  'update.retry': { ...deciding, refusal: t`publishing needs the server` },
};
