import type { TrialPage } from '#server/contract/paging-trial.ts';
import { numberText } from '../../language/words.ts';

export function changeWords(before: number, after: number): string {
  const change = after - before;
  return change > 0 ? `+${numberText(change)}` : `−${numberText(Math.abs(change))}`;
}

/** By time; of one person only the first. */
export function pagesInOrder(pages: readonly TrialPage[]): TrialPage[] {
  const seen = new Set<string>();
  return pages
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .filter(({ userId, channelId }) => {
      const who = userId ?? channelId ?? '';
      if (seen.has(who)) return false;
      seen.add(who);
      return true;
    });
}
