// The signed page as HTML: one incident on a phone, without scripts.
import type { Alert } from '#server/contract/alert.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { Severity } from '#server/contract/severity.ts';
import { escapeHtml } from '#server/modules/notify/html.ts';
import { phonePageStyle } from '#server/modules/notify/phone-page/phone-page-style.ts';

export interface PhoneView {
  person: { id: string; name: string; timeZone: string };
  incident: Incident;
  /** The worst first. */
  alerts: readonly Alert[];
  /** The newest first. */
  timeline: readonly TimelineEntry[];
  acknowledgedBy: string | null;
  commander: string | null;
  /** Whom escalating would page now, in words; null when that is not known. */
  escalatesTo: string | null;
  expiresAt: string;
  now: number;
  /** Names this copy of the forms: the same form sent twice acts once. */
  act: string;
  /** What became of what was just sent. */
  said: { ok: boolean; text: string } | null;
  /** A note that could not be kept, so that nobody types it again. */
  note: string;
}

export function renderIncident(view: PhoneView): string {
  const { incident, person } = view;
  const number = `INC-${incident.number}`;
  const parts = [
    `<header class="top">${mark(incident.severity)}<span class="number">${number}</span><span class="status">${statusWords[incident.status]}</span></header>`,
    `<h1>${escapeHtml(incident.title)}</h1>`,
    sinceLine(view),
    whoLine(view),
    view.said === null ? '' : said(view.said),
    actions(view),
    incident.impact === null ? '' : section('Impact', `<p>${escapeHtml(incident.impact)}</p>`),
    chips('Services', incident.services),
    alertList(view),
    noteForm(view),
    timelineList(view),
    `<footer><p>This page is for ${escapeHtml(person.name)}, for this incident alone, until ${when(view, view.expiresAt)}. Whoever has its address acts in your name, so do not pass it on.</p></footer>`,
  ];
  return document(
    `${severityWords[incident.severity]} ${number}: ${incident.title}`,
    parts.filter((part) => part !== '').join('\n'),
  );
}

/** The same for a link that is unknown, expired, or no longer the person's to use: it tells a stranger nothing. */
export function renderGone(): string {
  return document(
    'This link does not work',
    `<h1>This link does not work</h1>
<p class="since">It may have expired, been cut off in the message, or be meant for somebody else.</p>
<section><h2>What to do now</h2><ol class="panel">
<li><p>Open the newest message about the incident: its link works for 24 hours.</p></li>
<li><p>Or open Tocsin, sign in, and acknowledge there.</p></li>
<li><p>Or answer the text message with its code. Paging goes on until somebody acknowledges.</p></li>
</ol></section>`,
  );
}

export function renderProblem(title: string, text: string): string {
  return document(title, `<h1>${escapeHtml(title)}</h1>\n<p class="since">${escapeHtml(text)}</p>`);
}

const severityWords: Record<Severity, string> = {
  sev1: 'Severity 1',
  sev2: 'Severity 2',
  sev3: 'Severity 3',
  info: 'Info',
};
const statusWords: Record<Incident['status'], string> = {
  triggered: 'Triggered',
  acknowledged: 'Acknowledged',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
};

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="dark light">
<meta name="format-detection" content="telephone=no">
<title>${escapeHtml(title)}</title>
<style>${phonePageStyle}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

function sinceLine(view: PhoneView): string {
  const { incident, now } = view;
  const end = incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt);
  const lasted = durationWords(end - Date.parse(incident.startedAt));
  const words = incident.resolvedAt === null ? 'Open for' : 'Was open for';
  return `<p class="since">${words} <strong>${lasted}</strong>, since ${when(view, incident.startedAt)}</p>`;
}

function whoLine(view: PhoneView): string {
  const { incident, acknowledgedBy, commander } = view;
  const facts: string[] = [];
  if (incident.acknowledgedAt !== null) {
    facts.push(`Acknowledged by ${escapeHtml(acknowledgedBy ?? 'somebody')} at ${when(view, incident.acknowledgedAt)}`);
  } else if (incident.status === 'triggered') facts.push('Nobody has acknowledged yet');
  if (commander !== null) facts.push(`Commander: ${escapeHtml(commander)}`);
  return facts.map((fact) => `<p class="who">${fact}</p>`).join('\n');
}

function said({ ok, text }: { ok: boolean; text: string }): string {
  return `<p class="said${ok ? '' : ' not'}" role="${ok ? 'status' : 'alert'}"><span aria-hidden="true">${ok ? '✓' : '!'}</span> ${escapeHtml(text)}</p>`;
}

function actions(view: PhoneView): string {
  const { incident, person, escalatesTo } = view;
  const runbook = view.alerts.map((alert) => alert.runbookUrl).find((url) => url !== null && /^https?:\/\//i.test(url));
  const open = incident.status === 'triggered' || incident.status === 'acknowledged';
  const mine = incident.acknowledgedBy === person.id;
  const buttons: string[] = [];
  if (incident.status === 'triggered') buttons.push(button(view, 'acknowledge', 'Acknowledge', true));
  else if (open && !mine) buttons.push(button(view, 'acknowledge', 'Acknowledge too', false));
  if (open)
    buttons.push(
      button(
        view,
        'escalate',
        escalatesTo === null ? 'Escalate to the next step' : `Escalate to ${escalatesTo}`,
        false,
      ),
    );
  if (runbook !== undefined && runbook !== null) {
    buttons.push(`<a class="button" rel="noreferrer noopener" href="${escapeHtml(runbook)}">Open the runbook</a>`);
  }
  return buttons.length === 0 ? '' : `<div class="do">${buttons.join('\n')}</div>`;
}

function button(view: PhoneView, action: string, words: string, first: boolean): string {
  return `<form method="post">${hidden(view, action)}<button${first ? ' class="first"' : ''}>${escapeHtml(words)}</button></form>`;
}

function hidden(view: PhoneView, action: string): string {
  return `<input type="hidden" name="action" value="${action}"><input type="hidden" name="act" value="${escapeHtml(view.act)}">`;
}

function noteForm(view: PhoneView): string {
  return `<section><form method="post">${hidden(view, 'note')}<label for="text">Note for the timeline</label>
<textarea id="text" name="text" rows="3" maxlength="5000" required>${escapeHtml(view.note)}</textarea><button>Add note</button></form></section>`;
}

function alertList({ alerts, incident }: PhoneView): string {
  if (alerts.length === 0) return '';
  const shown = alerts.slice(0, alertsShown);
  const rows = shown.map((alert) => {
    const second = [
      alert.service,
      alert.status === 'firing' ? 'firing' : 'resolved',
      alert.count > 1 ? `${alert.count} times` : null,
    ];
    return `<li>${mark(alert.severity, true)}<p>${escapeHtml(alert.title)}<br><span class="quiet">${escapeHtml(second.filter((text) => text !== null).join(', '))}</span></p></li>`;
  });
  const total = Math.max(incident.alertCount, alerts.length);
  const title = total > shown.length ? `Alerts: ${shown.length} of ${total}` : `Alerts: ${total}`;
  return section(title, `<ul class="panel">${rows.join('')}</ul>`);
}

const alertsShown = 5;

function timelineList(view: PhoneView): string {
  if (view.timeline.length === 0) return '';
  const rows = view.timeline.map(
    (entry) =>
      `<li><p>${escapeHtml(entry.text)}<br><span class="quiet">${when(view, entry.at)}, ${escapeHtml(entry.actor)}</span></p></li>`,
  );
  return section('Latest on the timeline', `<ol class="panel">${rows.join('')}</ol>`);
}

function chips(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const rows = items.slice(0, 12).map((item) => `<li>${escapeHtml(item)}</li>`);
  if (items.length > 12) rows.push(`<li>${items.length - 12} more</li>`);
  return section(title, `<ul class="chips">${rows.join('')}</ul>`);
}

function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>${body}</section>`;
}

/** In the person's own time, with its zone; the day too when it is not today's. */
function when({ person, now }: PhoneView, instant: string): string {
  const at = new Date(instant);
  const zone = { timeZone: person.timeZone };
  const day = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
  const today = day.format(at) === day.format(new Date(now));
  const text = today ? time.format(at) : `${day.format(at)}, ${time.format(at)}`;
  return `<time datetime="${escapeHtml(instant)}">${escapeHtml(text)}</time>`;
}

function durationWords(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** Shape, digit and colour together, as in the client's mark. */
function mark(severity: Severity, small = false): string {
  const label = severityWords[severity];
  return `<svg class="mark${small ? ' small' : ''}" viewBox="0 0 16 16" role="img" aria-label="${label}">${shapes[severity]}</svg>`;
}

const digit = (text: string, x: number, y: number, size: number, ink: string) =>
  `<text x="${x}" y="${y}" text-anchor="middle" font-family="Inter, system-ui, sans-serif" font-weight="800" font-size="${size}" fill="${ink}">${text}</text>`;
const shapes: Record<Severity, string> = {
  sev1: `<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="var(--sev1)" stroke="var(--sev1)" stroke-linejoin="round"/>${digit('1', 7.9, 11.7, 10.5, 'var(--sev1-on)')}`,
  sev2: `<path d="M8 1.6 15 14.2H1z" fill="var(--sev2)" stroke="var(--sev2)" stroke-width="1.6" stroke-linejoin="round"/>${digit('2', 8, 13.1, 9.2, 'var(--sev2-on)')}`,
  sev3: `<path d="M8 1.2 14.8 8 8 14.8 1.2 8z" fill="var(--sev3)" stroke="var(--sev3)" stroke-width="1.4" stroke-linejoin="round"/>${digit('3', 8, 11.4, 9.4, 'var(--sev3-on)')}`,
  info: '<circle cx="8" cy="8" r="7" fill="var(--info)"/><path d="M8 7.2v4" stroke="var(--info-on)" stroke-width="2" stroke-linecap="round"/><circle cx="8" cy="4.4" r="1.15" fill="var(--info-on)"/>',
};
