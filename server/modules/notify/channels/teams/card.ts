// Adaptive Card 1.5 (https://adaptivecards.io/explorer). Text of alerts goes into text runs, which know no Markdown,
// so that it can neither link nor format.
import type { IncidentDigest, OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import {
  facts,
  heading,
  leadOf,
  linksOf,
  listedMax,
  manyLines,
  oneLine,
  webLink,
} from '#server/modules/notify/channels/wording.ts';

interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Large';
  color?: 'Attention' | 'Warning' | 'Good';
  isSubtle?: boolean;
}
interface RichTextBlock {
  type: 'RichTextBlock';
  inlines: TextRun[];
  separator?: boolean;
}
interface OpenUrl {
  type: 'Action.OpenUrl';
  title: string;
  url: string;
}
export interface AdaptiveCard {
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  type: 'AdaptiveCard';
  version: '1.5';
  fallbackText: string;
  body: RichTextBlock[];
  actions: OpenUrl[];
  msteams: { width: 'Full' };
}

export function adaptiveCard(message: OutgoingMessage): AdaptiveCard {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: withoutMarkdown(oneLine(leadOf(message), 500)),
    body: bodyOf(message),
    actions: actionsOf(message),
    msteams: { width: 'Full' },
  };
}

function bodyOf(message: OutgoingMessage): RichTextBlock[] {
  const [only] = message.incidents;
  if (only === undefined) {
    const more = manyLines(message.text, 3_000);
    const lead = run(oneLine(leadOf(message), 500), { weight: 'Bolder' });
    return [block([lead]), ...(more === '' || message.purpose === 'verify' ? [] : [block([run(more)])])];
  }
  if (message.incidents.length > 1) {
    const more = message.incidents.length - listedMax;
    return [
      block([run(oneLine(leadOf(message), 500), { weight: 'Bolder', size: 'Large' })]),
      ...message.incidents.slice(0, listedMax).map((incident) => ({ ...block(brief(incident)), separator: true })),
      ...(more > 0 ? [block([run(`and ${more} more`)])] : []),
    ];
  }
  const note = message.purpose === 'page' ? manyLines(message.text, 2_000) : '';
  return [
    block([run(oneLine(heading(only), 300), { weight: 'Bolder', size: 'Large', ...colourOf(only) })]),
    ...facts(only).map(([label, value]) => block([run(`${label}: `, { weight: 'Bolder' }), run(oneLine(value, 500))])),
    ...(note === '' ? [] : [{ ...block([run(note)]), separator: true }]),
  ];
}

function brief(incident: IncidentDigest): TextRun[] {
  const about = facts(incident)
    .slice(0, 3)
    .map(([, value]) => value)
    .join(' · ');
  return [
    run(oneLine(heading(incident), 300), { weight: 'Bolder', ...colourOf(incident) }),
    run(`  ${oneLine(about, 400)}`, { isSubtle: true }),
  ];
}

function actionsOf(message: OutgoingMessage): OpenUrl[] {
  const [incident] = message.incidents;
  const open = webLink(message.link ?? message.appUrl);
  const links = [
    ...(open === null ? [] : [{ text: 'Open', href: open }]),
    ...(incident === undefined ? [] : linksOf(incident)),
  ];
  return links.map(({ text, href }) => ({ type: 'Action.OpenUrl', title: text, url: href }));
}

function colourOf(incident: IncidentDigest): Pick<TextRun, 'color'> {
  if (incident.status === 'resolved') return { color: 'Good' };
  if (incident.severity === 'sev1') return { color: 'Attention' };
  return incident.severity === 'sev2' ? { color: 'Warning' } : {};
}

function block(inlines: TextRun[]): RichTextBlock {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string, style: Omit<TextRun, 'type' | 'text'> = {}): TextRun {
  return { type: 'TextRun', text, ...style };
}

/** The fallback text may be read as Markdown; its signs become look-alikes that mean nothing. */
function withoutMarkdown(text: string): string {
  return text
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replaceAll(/[*_`<>#]/g, ' ');
}
