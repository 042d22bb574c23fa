// Documents that decide who is paged, and paging itself: nothing of it is ever queued.
import { rowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, ofIncident, quarrelsWithNobody } from './face.ts';
import { t } from '../../language/words.ts';

const checkedByServer = t`what decides who is paged is checked and kept by the server`;

export const configActions: Faces<KindsOf<'config'>> = {
  'config.save': {
    base: (action) => rowKey(action.document.kind, action.documentId),
    lane: () => 'config',
    guard: (action) => `${action.document.kind}:${action.documentId}`,
    refusal: checkedByServer,
  },
  'config.delete': {
    base: (action) => rowKey(action.documentKind, action.documentId),
    lane: () => 'config',
    guard: (action) => `${action.documentKind}:${action.documentId}`,
    refusal: checkedByServer,
  },
};

export const pagingActions: Faces<KindsOf<'route' | 'swap' | 'escalation'>> = {
  'route.order': {
    base: () => null,
    lane: () => 'config',
    guard: quarrelsWithNobody,
    refusal: t`rules need the server, which checks and runs them`,
  },
  'swap.answer': {
    base: (action) => rowKey('swap', action.swapId),
    lane: () => 'config',
    guard: (action) => `swap:${action.swapId}`,
    refusal: t`a shift changes hands on the server, so that two people never take the same one`,
  },
  // What it makes is a page, and the server decides to whom.
  'escalation.escalate': {
    base: () => null,
    lane: ofIncident,
    guard: quarrelsWithNobody,
    refusal: t`only the server can page; nobody has been told`,
  },
};
