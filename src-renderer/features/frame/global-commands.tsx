import { matchPath, navigate, parseHash } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCommands } from '../../ui/commands.ts';
import { useKeyBindings } from './key-bindings.ts';
import { useShortcutSheet } from './shortcut-sheet.tsx';

/** Screens without keys of their own; the palette finds them by name. */
const plainScreens: readonly [id: string, label: string, to: string][] = [
  ['integrations', 'Integrations', paths.integrations()],
  ['grouping', 'Grouping rules', paths.grouping()],
  ['policies', 'Escalation policies', paths.policies()],
  ['routing', 'Routing', paths.routing()],
  ['inhibitions', 'Inhibitions', paths.inhibition()],
  ['stakeholders', 'Stakeholder lists', paths.stakeholders()],
  ['heartbeats', 'Heartbeats', paths.monitor()],
  ['channels', 'Channels', paths.channels()],
  ['people', 'People and how they are paged', paths.people()],
  ['ledger', 'Ledger of pages', paths.ledger()],
  ['fatigue', 'Fatigue', paths.fatigue()],
  ['insights', 'Insights: severity, noise, response times', paths.insights()],
  ['heat-map', 'Heat-map of alerts', paths.alerts({ view: 'heat' })],
  ['as-code', 'Configuration as code', paths.asCode()],
  ['silences', 'Silences', paths.alerts({ view: 'silences' })],
  ['presenter', 'Present on the walls', paths.presenter()],
  ['outbox', 'Outbox', paths.outbox()],
  ['diagnostics', 'Diagnostics', paths.diagnostics()],
];

/** Of the incident one is looking at. */
function timelinePath(hash: string): string {
  const id = matchPath('/incidents/:id/:view?', parseHash(hash).path)?.['id'];
  return id === undefined ? paths.timelines() : paths.timeline(id);
}

/** For a window of one screen: binds what that registers. */
export function ScreenKeys() {
  useKeyBindings();
  return null;
}

/** Binds what is registered, and registers what works everywhere. */
export function GlobalCommands() {
  const toggleSheet = useShortcutSheet((state) => state.toggle);
  useCommands(
    [
      { id: 'go.now', label: 'Now', group: 'Go to', run: () => navigate(paths.now()) },
      {
        id: 'go.inbox',
        label: 'Inbox',
        group: 'Go to',
        keywords: 'mentions notifications news',
        run: () => navigate(paths.inbox()),
      },
      { id: 'go.incidents', label: 'Incidents', group: 'Go to', run: () => navigate(paths.incidents()) },
      { id: 'go.alerts', label: 'Alerts', group: 'Go to', run: () => navigate(paths.alerts()) },
      {
        id: 'go.timeline',
        label: 'Timeline',
        group: 'Go to',
        keywords: 'lanes history',
        run: () => navigate(timelinePath(window.location.hash)),
      },
      { id: 'go.map', label: 'Map', group: 'Go to', keywords: 'topology graph', run: () => navigate(paths.map()) },
      {
        id: 'go.services',
        label: 'Services',
        group: 'Go to',
        keywords: 'catalog',
        run: () => navigate(paths.services()),
      },
      { id: 'go.oncall', label: 'On-call', group: 'Go to', run: () => navigate(paths.oncall()) },
      {
        id: 'go.reviews',
        label: 'Reviews',
        group: 'Go to',
        keywords: 'postmortem follow-ups retrospective',
        run: () => navigate(paths.reviews()),
      },
      { id: 'go.wall', label: 'War room', group: 'Go to', run: () => navigate(paths.wall()) },
      ...plainScreens.map(([id, label, to]) => ({
        id: `go.${id}`,
        keys: null,
        label,
        group: 'Go to',
        run: () => navigate(to),
      })),
      { id: 'go.settings', label: 'Settings', group: 'Go to', run: () => navigate(paths.settings()) },
      { id: 'shortcuts.show', label: 'shortcuts', group: 'Everywhere', run: toggleSheet, hint: true },
    ],
    'everywhere',
  );
  useKeyBindings();
  return null;
}
