import type { Action } from '#server/contract/intent.ts';
import { faceOf } from '../actions/faces.ts';
import type { RowKey } from '../rows/rows.ts';

/** The entity whose version an action is based on, and on which a result's version is awaited. */
export function baseOf(action: Action): RowKey | null {
  return faceOf(action).base(action);
}

/** Rows that look different while the action is queued: they are drawn dashed. */
export function touchedBy(action: Action): RowKey[] {
  const { touches } = faceOf(action);
  if (touches !== undefined) return touches(action);
  const base = baseOf(action);
  return base === null ? [] : [base];
}
