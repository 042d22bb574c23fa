// Pure. Every text in it comes from people and alerts, so each goes through `escape.ts`.
import type { ChangeEvent, TimelineEntry } from '#server/contract/incident.ts';
import { severityInWords } from '#server/contract/severity.ts';
import { laneNames, laneOf, type TimelineFile } from '#server/contract/timeline.ts';
import { blockText, inlineText } from '#server/modules/postmortems/escape.ts';
import { spoken } from '#server/modules/postmortems/markdown.ts';

interface Line {
  at: string;
  text: string;
}

/** The timeline as Markdown: a line an event with its lane, days as headings, stars kept. Times are UTC. */
export function timelineMarkdown({ incident, entries, changes, cut, madeAt }: TimelineFile): string {
  const starred = entries.filter((entry) => entry.starred).length;
  const end =
    incident.resolvedAt === null ? `${incident.status}, not over` : `resolved ${instant(incident.resolvedAt)}`;
  const head = [
    `# Timeline of INC-${incident.number}: ${inlineText(incident.title)}`,
    [
      `- **Severity:** ${severityInWords(incident.severity)}`,
      `- **Impact:** ${incident.impact === null ? 'not described' : inlineText(incident.impact)}`,
      `- **Started:** ${instant(incident.startedAt)}`,
      `- **Status:** ${end}`,
      `- **Events:** ${entries.length}, of them ${starred} with a star; ${changes.length} changes`,
      `- **Made:** ${instant(madeAt)}, all times in UTC`,
    ].join('\n'),
  ];
  if (cut) head.push('Older events are left out: a file holds the newest ones.');
  const lines = [...entries.map(lineOfEntry), ...changes.map(lineOfChange)].toSorted((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
  return `${[...head, ...days(lines)].join('\n\n')}\n`;
}

function days(lines: readonly Line[]): string[] {
  if (lines.length === 0) return ['Nothing was recorded.'];
  const sections = new Map<string, string[]>();
  for (const { at, text } of lines) {
    const day = at.slice(0, 10);
    const section = sections.get(day);
    if (section === undefined) sections.set(day, [text]);
    else section.push(text);
  }
  return [...sections].map(([day, texts]) => `## ${day}\n\n${texts.join('\n')}`);
}

function lineOfEntry(entry: TimelineEntry): Line {
  const star = entry.starred ? '★ ' : '';
  const decided = entry.data?.poll === 'carried' ? '**Decision.** ' : '';
  const detail = entry.detail === null || entry.detail === '' ? '' : `\\\n  ${blockText(entry.detail, '  ')}`;
  const text = `- ${clock(entry.at)} ${laneNames[laneOf(entry)]}: ${star}${decided}${spoken(entry)}${detail}`;
  return { at: entry.at, text };
}

function lineOfChange({ at, title, service, source }: ChangeEvent): Line {
  const on = service === null ? '' : ` on ${inlineText(service)}`;
  return { at, text: `- ${clock(at)} ${laneNames.changes}: ${inlineText(title)}${on} (${inlineText(source)})` };
}

function clock(at: string): string {
  return at.slice(11, 19);
}

function instant(at: string): string {
  return `${at.slice(0, 10)} ${clock(at)}`;
}
