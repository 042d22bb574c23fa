// What the replica has to know about one kind of action. Each family of actions has a file beside this one.
import type { ActionKind, ActionOf } from '#server/contract/intent.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import type { EntityName, EntityOf } from '#server/contract/replica.ts';
import type { Row, RowKey } from '../rows/rows.ts';

export type ReadBase = <N extends EntityName>(entity: N, id: string) => EntityOf<N> | undefined;

export interface Person {
  id: string;
  name: string;
}

/** What is on screen, earlier queued actions included, for an action to draw its own effect on. */
export interface Scene {
  /** When the person acted, by the server's clock. */
  at: string;
  me: Person;
  get: ReadBase;
  put: (entity: EntityName, row: Row) => void;
  hide: (entity: EntityName, id: string) => void;
  postmortemOf: (incidentId: string) => Postmortem | undefined;
}

export interface ActionFace<K extends ActionKind> {
  /** The entity whose version the action is based on, and on which a result's version is awaited. */
  base: (action: ActionOf<K>) => RowKey | null;
  /** Rows that look different while the action is queued, where that is not just `base`: they are drawn dashed. */
  touches?: (action: ActionOf<K>) => RowKey[];
  /** Actions of one lane are sent in the order they were made. */
  lane: (action: ActionOf<K>) => string;
  /** What two actions would quarrel about; null for actions that only add. */
  guard: (action: ActionOf<K>) => string | null;
  /** Why it is not queued without a network, in words that follow "Refused, because"; null where it is. */
  refusal: string | null;
  /** Draws what the action will make of the screen, as far as this client can tell; the server decides. */
  predict?: (action: ActionOf<K>, scene: Scene) => void;
}

export type Faces<K extends ActionKind> = { [Kind in K]: ActionFace<Kind> };

/** Every kind that begins with the family's name. */
export type KindsOf<F extends string> = Extract<ActionKind, `${F}.${string}`>;

export const ofIncident = (action: { incidentId: string }): string => `incident:${action.incidentId}`;
export const quarrelsWithNobody = (): null => null;
