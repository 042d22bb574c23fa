import type { WallRole } from '../../../src-main/display-roles.ts';

export const roleWords: Record<WallRole, string> = {
  facts: 'Facts, and pictures that turn',
  map: 'Map',
  timeline: 'Timeline',
};
