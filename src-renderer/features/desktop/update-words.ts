import type { UpdateState } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';

export function updateWords(updates: UpdateState): string {
  switch (updates.kind) {
    case 'off':
      return t`Updates are off: ${updates.why}.`;
    case 'idle':
      return updates.checkedAt === null ? t`Not looked for newer ones yet.` : t`It is the newest.`;
    case 'checking':
      return t`Looking for a newer one …`;
    case 'downloading':
      return t`Fetching ${updates.version} …`;
    case 'ready':
      return updates.waitsFor === null
        ? t`${updates.version} is here; it also takes over when you quit.`
        : t`${updates.version} is here and waits: ${updates.waitsFor}.`;
    case 'failed':
      return t`Updates could not be had: ${updates.why}. It tries again by itself.`;
  }
}
