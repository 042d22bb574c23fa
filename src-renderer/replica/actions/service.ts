import { type Row, rowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, quarrelsWithNobody } from './face.ts';
import { t } from '../../language/words.ts';

const service = {
  base: (action: { serviceId: string }) => rowKey('service', action.serviceId),
  lane: (action: { serviceId: string }) => `service:${action.serviceId}`,
  guard: (action: { serviceId: string }) => `service:${action.serviceId}`,
  refusal: t`the server checks it against the rest of the catalog, and alerts follow it at once`,
};

export const serviceActions: Faces<KindsOf<'service'>> = {
  'service.save': service,
  'service.delete': service,
  'service.pin': {
    ...service,
    // The last one who moves it wins.
    guard: quarrelsWithNobody,
    refusal: null,
    predict(action, { get, put }) {
      const held = get('service', action.serviceId);
      if (held !== undefined) put('service', { ...held, pin: action.pin } as Row);
    },
  },
};
