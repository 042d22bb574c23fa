import type { Action, ActionKind } from '#server/contract/intent.ts';
import { alertActions } from './alert.ts';
import { chatActions } from './chat.ts';
import { askActions, pollActions } from './console.ts';
import type { ActionFace, Faces } from './face.ts';
import { incidentActions } from './incident.ts';
import { configActions, pagingActions } from './paging.ts';
import { postmortemActions } from './postmortem.ts';
import { preferenceActions } from './preference.ts';
import { ruleActions, silenceActions } from './rule.ts';
import { serviceActions } from './service.ts';
import { taskActions } from './task.ts';
import { updateActions } from './update.ts';
import { viewActions } from './view.ts';

/** Whole by its type: a new kind of action does not compile before its family says how it behaves. */
const faces: Faces<ActionKind> = {
  ...incidentActions,
  ...taskActions,
  ...askActions,
  ...pollActions,
  ...updateActions,
  ...chatActions,
  ...postmortemActions,
  ...alertActions,
  ...silenceActions,
  ...ruleActions,
  ...viewActions,
  ...preferenceActions,
  ...serviceActions,
  ...configActions,
  ...pagingActions,
};

export function faceOf(action: Pick<Action, 'kind'>): ActionFace<ActionKind> {
  // The face under a kind takes actions of that kind; the type system cannot follow the union.
  return faces[action.kind] as unknown as ActionFace<ActionKind>;
}
