import type { z } from 'zod';

/** Names the first few places that are wrong, and how. */
export function invalidInputMessage(error: { issues: readonly z.core.$ZodIssue[] }): string {
  const shown = error.issues.slice(0, 5).map((issue) => {
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  return `The input is not valid. ${shown.join('; ')}`;
}
