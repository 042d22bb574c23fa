// What is read. One time up to which everything is, and the few exceptions to it: so that "all read" is one small value
// and two machines agree on it. Pure.
import { inboxExceptionsMax, type InboxMarks } from '#server/contract/preference.ts';

export interface Marked {
  key: string;
  at: string;
}

export function isRead({ key, at }: Marked, { readAt, except }: InboxMarks): boolean {
  return (readAt !== null && at <= readAt) !== except.includes(key);
}

/** The marks after these were read, or made unread again. */
export function withRead(marks: InboxMarks, items: readonly Marked[], read: boolean): InboxMarks {
  const turned = items.filter((item) => isRead(item, marks) !== read).map(({ key }) => key);
  const stay = marks.except.filter((key) => !turned.includes(key));
  const add = turned.filter((key) => !marks.except.includes(key));
  // The oldest exceptions go first: they are about what has left the inbox by then.
  return { ...marks, except: [...stay, ...add].slice(-inboxExceptionsMax) };
}

export function allRead(now: number): InboxMarks {
  return { readAt: new Date(now).toISOString(), except: [] };
}
