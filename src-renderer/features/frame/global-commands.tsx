import { t } from '../../language/words.ts';
import { matchPath, navigate, parseHash, useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { type Command, useCommands } from '../../ui/commands.ts';
import { useSession } from '../../session.tsx';
import { useCopy } from '../../ui/copy-button.tsx';
import { useAddressOf } from '../links/copy-link.tsx';
import { shortIdOfKey } from '../links/short-id.ts';
import { visitedKey } from '../palette/visited.ts';
import { withoutIncident } from '../incidents/incident-actions.ts';
import { useKeyBindings } from './key-bindings.ts';
import { useShortcutSheet } from './shortcut-sheet.tsx';

/** Screens without keys of their own; the palette finds them by name. */
const plainScreens: readonly [id: string, label: string, to: string][] = [
  ['integrations', t`Integrations`, paths.integrations()],
  ['grouping', t`Grouping rules`, paths.grouping()],
  ['policies', t`Escalation policies`, paths.policies()],
  ['routing', t`Routing`, paths.routing()],
  ['inhibitions', t`Inhibitions`, paths.inhibition()],
  ['stakeholders', t`Stakeholder lists`, paths.stakeholders()],
  ['heartbeats', t`Heartbeats`, paths.monitor()],
  ['channels', t`Channels`, paths.channels()],
  ['people', t`People and how they are paged`, paths.people()],
  ['ledger', t`Ledger of pages`, paths.ledger()],
  ['fatigue', t`Fatigue`, paths.fatigue()],
  ['insights', t`Insights: severity, noise, response times`, paths.insights()],
  ['heat-map', t`Heat-map of alerts`, paths.alerts({ view: 'heat' })],
  ['as-code', t`Configuration as code`, paths.asCode()],
  ['silences', t`Silences`, paths.alerts({ view: 'silences' })],
  ['presenter', t`Present on the walls`, paths.presenter()],
  ['outbox', t`Outbox`, paths.outbox()],
  ['diagnostics', t`Diagnostics`, paths.diagnostics()],
];

/** Of the incident one is looking at. */
function timelinePath(hash: string): string {
  const id = matchPath('/incidents/:id/:view?', parseHash(hash).path)?.['id'];
  return id === undefined ? paths.timelines() : paths.timeline(id);
}

/** Keys that mean the same everywhere, on a screen where they mean nothing: they say so instead of staying silent. */
const elsewhere: Command[] = [
  ...withoutIncident(t`nothing is focused here that this acts on`),
  { id: 'list.filter', label: t`filter`, unavailable: t`this screen has no filter`, run: () => undefined },
  { id: 'detail.previous', label: t`previous`, unavailable: t`no detail is open`, run: () => undefined },
  { id: 'detail.next', label: t`next`, unavailable: t`no detail is open`, run: () => undefined },
];

/** For a window of one screen: binds what that registers. */
export function ScreenKeys() {
  useKeyBindings();
  return null;
}

/** Binds what is registered, and registers what works everywhere. */
export function GlobalCommands() {
  const toggleSheet = useShortcutSheet((state) => state.toggle);
  const { path, query } = useLocation();
  const { serverUrl } = useSession();
  const addressOf = useAddressOf();
  const copy = useCopy();
  const shown = shortIdOfKey(visitedKey(path, query) ?? '');
  useCommands(
    [
      { id: 'go.now', label: t`Now`, group: 'Go to', run: () => navigate(paths.now()) },
      {
        id: 'go.inbox',
        label: t`Inbox`,
        group: 'Go to',
        keywords: 'mentions notifications news',
        run: () => navigate(paths.inbox()),
      },
      { id: 'go.incidents', label: t`Incidents`, group: 'Go to', run: () => navigate(paths.incidents()) },
      { id: 'go.alerts', label: t`Alerts`, group: 'Go to', run: () => navigate(paths.alerts()) },
      {
        id: 'go.timeline',
        label: t`Timeline`,
        group: 'Go to',
        keywords: 'lanes history',
        run: () => navigate(timelinePath(window.location.hash)),
      },
      { id: 'go.map', label: t`Map`, group: 'Go to', keywords: 'topology graph', run: () => navigate(paths.map()) },
      {
        id: 'go.services',
        label: t`Services`,
        group: 'Go to',
        keywords: 'catalog',
        run: () => navigate(paths.services()),
      },
      { id: 'go.oncall', label: t`On-call`, group: 'Go to', run: () => navigate(paths.oncall()) },
      {
        id: 'go.reviews',
        label: t`Reviews`,
        group: 'Go to',
        keywords: 'postmortem follow-ups retrospective',
        run: () => navigate(paths.reviews()),
      },
      { id: 'go.wall', label: t`War room`, group: 'Go to', run: () => navigate(paths.wall()) },
      ...plainScreens.map(([id, label, to]) => ({
        id: `go.${id}`,
        keys: null,
        label,
        group: 'Go to',
        run: () => navigate(to),
      })),
      { id: 'go.settings', label: t`Settings`, group: 'Go to', run: () => navigate(paths.settings()) },
      { id: 'shortcuts.show', label: t`shortcuts`, group: 'Everywhere', run: toggleSheet, hint: true },
      {
        id: 'link.copy.screen',
        keys: null,
        label: shown === null ? t`copy the link of this screen` : t`copy the link of ${shown}`,
        group: 'Everywhere',
        keywords: 'address short id share',
        run: () =>
          copy(
            shown === null ? `${serverUrl}/${window.location.hash}` : addressOf(shown),
            t`The link of ${shown ?? t`this screen`} is copied.`,
          ),
      },
      ...elsewhere.map((command) => ({ group: 'Focused item', idle: true, ...command })),
    ],
    'everywhere',
  );
  useKeyBindings();
  return null;
}
