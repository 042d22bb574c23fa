// What is written in a review and not sent yet: kept on this machine, with the version it was begun from.
import { z } from 'zod';
import { Postmortem } from '#server/contract/postmortem.ts';

export const Written = Postmortem.pick({
  summary: true,
  causes: true,
  wentWell: true,
  wentBadly: true,
  followUps: true,
});
export type Written = z.infer<typeof Written>;

const ReviewDraft = z.object({
  /** Of the review when the first word was typed; 0 where there was none. */
  base: z.int(),
  changes: Written.partial(),
});
export type ReviewDraft = { base: number; changes: Partial<Written> };

export function parseDraft(text: string): ReviewDraft | null {
  if (text === '') return null;
  try {
    const parsed = ReviewDraft.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const changes = Object.fromEntries(Object.entries(parsed.data.changes).filter(([, value]) => value !== undefined));
    return { base: parsed.data.base, changes };
  } catch {
    return null;
  }
}

export function draftText(draft: ReviewDraft | null): string {
  return draft === null || Object.keys(draft.changes).length === 0 ? '' : JSON.stringify(draft);
}
