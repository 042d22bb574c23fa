import type { WallRole } from '../../../src-main/display-roles.ts';
import { t } from '../../language/words.ts';

export const roleWords: Record<WallRole, string> = {
  facts: t`Facts, and pictures that turn`,
  map: t`Map`,
  timeline: t`Timeline`,
};
