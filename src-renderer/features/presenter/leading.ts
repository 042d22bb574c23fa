// What a presenter wants of the walls, as values.
import type { Lead, WallState } from '../war-room/wall-link.ts';
import { type PictureId, pictureIds } from '../war-room/wall-plan.ts';
import { t } from '../../language/words.ts';

export interface Leading {
  /** When this window began, or took over again. */
  since: number;
  picture: PictureId | null;
  held: boolean;
  focus: string | null;
  names: boolean | null;
}

export const pictureNames: Record<PictureId, string> = {
  map: t`Map`,
  timeline: t`Timeline`,
  alerts: t`Alerts`,
  changes: t`Changes`,
};

export function startLeading(now: number): Leading {
  return { since: now, picture: null, held: false, focus: null, names: null };
}

/** A closed incident is spoken about no more: the walls show the worst again. */
export function leadOf(id: string, leading: Leading, open: readonly string[]): Lead {
  const focus = leading.focus !== null && open.includes(leading.focus) ? leading.focus : null;
  return { kind: 'lead', id, ...leading, focus };
}

/** The pictures that some wall can turn to, in their order. */
export function picturesOf(walls: readonly WallState[]): PictureId[] {
  return pictureIds.filter((id) => walls.some(({ pictures }) => pictures.includes(id)));
}

export function nextPicture(current: PictureId | null, there: readonly PictureId[], by: number): PictureId | null {
  if (there.length === 0) return null;
  const at = current === null ? -1 : there.indexOf(current);
  if (at < 0) return there[by > 0 ? 0 : there.length - 1] ?? null;
  return there[(((at + by) % there.length) + there.length) % there.length] ?? null;
}
