import type { UpdateState } from '../../../src-main/bridge.ts';

export function updateWords(updates: UpdateState): string {
  switch (updates.kind) {
    case 'off':
      return `Updates are off: ${updates.why}.`;
    case 'idle':
      return updates.checkedAt === null ? 'Not looked for newer ones yet.' : 'It is the newest.';
    case 'checking':
      return 'Looking for a newer one …';
    case 'downloading':
      return `Fetching ${updates.version} …`;
    case 'ready':
      return updates.waitsFor === null
        ? `${updates.version} is here; it also takes over when you quit.`
        : `${updates.version} is here and waits: ${updates.waitsFor}.`;
    case 'failed':
      return `Updates could not be had: ${updates.why}. It tries again by itself.`;
  }
}
