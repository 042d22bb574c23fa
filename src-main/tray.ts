// What the tray shows and offers. Pure.
import { plural, t } from '../src-renderer/language/words.ts';
import type { Answer, PageState } from './bridge.ts';
import type { MenuItem, TrayLook } from './host.ts';

export interface TrayFacts {
  signedIn: boolean;
  page: PageState | null;
  /** Things that need this person. */
  needs: number;
}

export interface TrayActs {
  open(): void;
  openPath(path: string): void;
  answer(answer: Answer): void;
  quit(): void;
}

export function trayOf(
  { signedIn, page, needs }: TrayFacts,
  acts: TrayActs,
): { look: TrayLook; tooltip: string; items: MenuItem[] } {
  const state = stateWords(signedIn, page);
  const open: MenuItem = { label: t`Open Tocsin`, run: acts.open };
  const quit: MenuItem = { label: t`Quit Tocsin`, run: acts.quit };
  if (page === null) {
    return {
      look: 'unknown',
      tooltip: `Tocsin: ${state}`,
      items: [{ label: state, enabled: false }, open, line, quit],
    };
  }
  const words = needsWords(needs);
  return {
    look: page.freshness === 'stale' || page.freshness === 'offline' ? 'unknown' : needs > 0 ? 'needs' : 'calm',
    tooltip: `Tocsin: ${state}. ${words}`,
    items: [
      { label: state, enabled: false },
      { label: words, run: () => acts.openPath('/') },
      {
        label: page.onCall === null ? t`Not on call` : t`On call: ${page.onCall}`,
        run: () => acts.openPath('/oncall'),
      },
      line,
      ...latestItems(page.latest, acts),
      line,
      open,
      quit,
    ],
  };
}

const line: MenuItem = { separator: true };

function latestItems(latest: PageState['latest'], acts: TrayActs): MenuItem[] {
  if (latest === null) return [{ label: t`No page to acknowledge`, enabled: false }];
  const { title, path, incidentId, escalateTo } = latest;
  const answer = (kind: Answer['kind']) => () => acts.answer({ kind, incidentId, escalateTo });
  return [
    { label: t`Acknowledge: ${clipped(title)}`, run: answer('acknowledge') },
    escalateTo === null
      ? { label: t`Escalate: nobody would be paged next`, enabled: false }
      : { label: t`Escalate → ${clipped(escalateTo)}`, run: answer('escalate') },
    { label: t`Show it`, run: () => acts.openPath(path) },
  ];
}

function stateWords(signedIn: boolean, page: PageState | null): string {
  if (!signedIn) return t`Signed out: no page reaches you here`;
  if (page === null) return t`Starting`;
  const { serverName, freshness } = page;
  switch (freshness) {
    case 'live':
      return t`${serverName}: live`;
    case 'lagging':
      return t`${serverName}: lagging`;
    case 'stale':
      return t`${serverName}: no sign of life for 30 s`;
    case 'offline':
      return t`${serverName}: offline, no page reaches you here`;
  }
}

function needsWords(count: number): string {
  if (count === 0) return t`Nothing needs you`;
  return count > 99
    ? t`99+ things need you`
    : t`${plural(count, { one: '1 thing needs you', other: '# things need you' })}`;
}

/** Long titles would make the menu as wide as the screen. */
function clipped(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

export function badgeOf(signedIn: boolean, count: number): { text: string; count: number; words: string } {
  if (!signedIn) return { text: '!', count: 0, words: t`Signed out` };
  return {
    text: count === 0 ? '' : count > 99 ? '99+' : String(count),
    count: Math.min(count, 99),
    words: needsWords(count),
  };
}
