// A responder's report to the room in three lines: how it is, what is being done, what is needed. Pure.
import { t } from '../../language/words.ts';

/** The three lines to fill in, below what was written already. */
export function withReport(text: string): string {
  const lines = [t`Condition:`, t`Actions:`, t`Needs:`].map((label) => `${label} `);
  return [...(text.trim() === '' ? [] : [text.trimEnd()]), ...lines].join('\n');
}

/** Where the first line of it is filled in. */
export function reportCaret(text: string): number {
  return text.length - withReport('').length + withReport('').indexOf('\n');
}
