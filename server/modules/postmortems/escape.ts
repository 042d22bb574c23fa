// Text from alerts and people inside Markdown that we make: it stays text, whoever renders it.

// Invisible characters that turn the reading order around.
const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029]/gu;

/** One line, in the middle of a line of ours. */
export function inlineText(text: string): string {
  return plain(text.replaceAll(/\s+/gu, ' ').trim());
}

/** Several lines, indented under a list item; none of them starts a heading, a list or a quote of its own. */
export function blockText(text: string, indent: string): string {
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) =>
      plain(line).replace(/^([-+=:]|\d+(?=[.)]))/u, (start) => (/\d/u.test(start) ? `${start}\\` : `\\${start}`)),
    )
    .join(`\\\n${indent}`);
}

/** What people wrote as Markdown for the review: theirs to format, but no HTML and no pictures from elsewhere. */
export function authoredMarkdown(text: string): string {
  return text
    .replaceAll(bidi, '')
    .replaceAll(control, ' ')
    .replaceAll(/<(?=[A-Za-z/!?])/gu, '\\<')
    .replaceAll('![', '!\\[')
    .trim();
}

function plain(text: string): string {
  return text
    .replaceAll(bidi, '')
    .replaceAll(control, ' ')
    .replaceAll(/[\\`*_[\]<>&|~#$!]/gu, '\\$&')
    .replaceAll('://', '\\://')
    .replaceAll(/\bwww\./giu, (start) => `${start.slice(0, -1)}\\.`)
    .replaceAll('@', '\\@');
}
