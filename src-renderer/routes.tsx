// One line a screen. Now comes with the page, because most starts show it; each other one is its own chunk and follows soon.
import { type ComponentType, lazy, useState } from 'react';
import { NowScreen } from './features/now/now-screen.tsx';
import type { ScreenProps } from './screen-props.ts';
import { loadEngine } from './ui/chart/load-engine.ts';
import { fetchGraph } from './ui/graph/load-graph.ts';

export interface Route {
  pattern: string;
  Screen: ComponentType<ScreenProps>;
  /** Rail of 48 px: for screens with three panes. */
  narrow?: boolean;
  /** Lays out the whole of a very wide window; others stand in its middle. */
  wide?: boolean;
  /** No rail, no bars: the wall. */
  bare?: boolean;
}

const loads: (() => Promise<unknown>)[] = [];

export const routes: Route[] = [
  { pattern: '/', Screen: NowScreen, wide: true },
  { pattern: '/away', Screen: screen(() => import('./features/inbox/away-screen.tsx').then((m) => m.AwayScreen)) },
  { pattern: '/inbox', Screen: screen(() => import('./features/inbox/inbox-screen.tsx').then((m) => m.InboxScreen)) },
  {
    pattern: '/incidents',
    Screen: screen(() => import('./features/incidents/incidents-screen.tsx').then((m) => m.IncidentsScreen)),
  },
  {
    pattern: '/incidents/:id/review',
    Screen: screen(() => import('./features/incidents/postmortem-screen.tsx').then((m) => m.PostmortemScreen)),
    narrow: true,
    wide: true,
  },
  {
    pattern: '/reviews',
    Screen: screen(() => import('./features/reviews/reviews-screen.tsx').then((m) => m.ReviewsScreen)),
  },
  {
    pattern: '/timeline',
    Screen: screen(() => import('./features/timeline/timeline-entrance.tsx').then((m) => m.TimelineEntrance)),
  },
  {
    pattern: '/incidents/:id/timeline',
    Screen: screen(() => import('./features/timeline/timeline-screen.tsx').then((m) => m.TimelineScreen)),
    narrow: true,
    wide: true,
  },
  {
    pattern: '/incidents/:id/:focus?',
    Screen: screen(() => import('./features/incidents/incident-room.tsx').then((m) => m.IncidentRoom)),
    narrow: true,
    wide: true,
  },
  {
    pattern: '/alerts/:id?',
    Screen: screen(() => import('./features/alerts/alerts-screen.tsx').then((m) => m.AlertsScreen)),
    narrow: true,
    wide: true,
  },
  { pattern: '/at/:ref', Screen: screen(() => import('./features/links/link-screen.tsx').then((m) => m.LinkScreen)) },
  {
    pattern: '/integrations/:id?',
    Screen: screen(() => import('./features/integrations/integrations-screen.tsx').then((m) => m.IntegrationsScreen)),
  },
  {
    pattern: '/grouping/:id?',
    Screen: screen(() => import('./features/grouping/grouping-screen.tsx').then((m) => m.GroupingScreen)),
  },
  {
    pattern: '/map/:id?',
    Screen: screen(() => import('./features/map/map-screen.tsx').then((m) => m.MapScreen)),
    narrow: true,
    wide: true,
  },
  {
    pattern: '/services/:id?',
    Screen: screen(() => import('./features/services/services-screen.tsx').then((m) => m.ServicesScreen)),
  },
  {
    pattern: '/services/:id/:view',
    Screen: screen(() => import('./features/services/services-screen.tsx').then((m) => m.ServicesScreen)),
  },
  {
    pattern: '/oncall',
    Screen: screen(() => import('./features/oncall/oncall-screen.tsx').then((m) => m.OncallScreen)),
  },
  {
    pattern: '/oncall/:id/:view?',
    Screen: screen(() => import('./features/oncall/schedule-screen.tsx').then((m) => m.ScheduleScreen)),
  },
  {
    pattern: '/policies/:id?',
    Screen: screen(() => import('./features/policies/policies-screen.tsx').then((m) => m.PoliciesScreen)),
  },
  {
    pattern: '/routing/:id?',
    Screen: screen(() => import('./features/routing/routing-screen.tsx').then((m) => m.RoutingScreen)),
  },
  {
    pattern: '/inhibitions/:id?',
    Screen: screen(() => import('./features/routing/inhibitions-screen.tsx').then((m) => m.InhibitionsScreen)),
  },
  {
    pattern: '/heartbeats/:id?',
    Screen: screen(() => import('./features/routing/monitors-screen.tsx').then((m) => m.MonitorsScreen)),
  },
  {
    pattern: '/channels/:id?',
    Screen: screen(() => import('./features/channels/channels-screen.tsx').then((m) => m.ChannelsScreen)),
  },
  {
    pattern: '/stakeholders/:id?',
    Screen: screen(() => import('./features/updates/stakeholders-screen.tsx').then((m) => m.StakeholdersScreen)),
  },
  {
    pattern: '/ledger',
    Screen: screen(() => import('./features/ledger/ledger-screen.tsx').then((m) => m.LedgerScreen)),
  },
  {
    pattern: '/pages/:id',
    Screen: screen(() => import('./features/ledger/why-screen.tsx').then((m) => m.WhyPageScreen)),
    wide: true,
  },
  {
    pattern: '/why',
    Screen: screen(() => import('./features/ledger/why-screen.tsx').then((m) => m.WhyScreen)),
    wide: true,
  },
  {
    pattern: '/fatigue',
    Screen: screen(() => import('./features/fatigue/fatigue-screen.tsx').then((m) => m.FatigueScreen)),
  },
  {
    pattern: '/insights',
    Screen: screen(() => import('./features/insights/insights-screen.tsx').then((m) => m.InsightsScreen)),
    wide: true,
  },
  {
    pattern: '/as-code/:section?',
    Screen: screen(() => import('./features/as-code/as-code-screen.tsx').then((m) => m.AsCodeScreen)),
  },
  {
    pattern: '/people/:id?',
    Screen: screen(() => import('./features/people/people-screen.tsx').then((m) => m.PeopleScreen)),
  },
  {
    pattern: '/settings/:section?',
    Screen: screen(() => import('./features/settings/settings-screen.tsx').then((m) => m.SettingsScreen)),
  },
  {
    pattern: '/diagnostics',
    Screen: screen(() => import('./features/diagnostics/diagnostics-screen.tsx').then((m) => m.DiagnosticsScreen)),
  },
  {
    pattern: '/outbox',
    Screen: screen(() => import('./features/incidents/outbox-screen.tsx').then((m) => m.OutboxScreen)),
  },
  {
    pattern: '/wall',
    Screen: screen(() => import('./features/war-room/war-room-screen.tsx').then((m) => m.WarRoomScreen)),
    bare: true,
  },
  {
    pattern: '/presenter',
    Screen: screen(() => import('./features/presenter/presenter-screen.tsx').then((m) => m.PresenterScreen)),
    bare: true,
  },
];

/** Fetches every screen: one that was never opened has to open without a network too. */
export function fetchScreens(): void {
  void fetchInTurn([...loads, loadEngine, fetchGraph]);
}

/** One after another: all at once they hold up whatever a person does first. */
async function fetchInTurn(all: readonly (() => Promise<unknown>)[]): Promise<void> {
  // One that cannot be fetched now is asked for again when it is opened.
  for (const load of all) await load().catch(() => undefined);
}

function screen(load: () => Promise<ComponentType<ScreenProps>>): ComponentType<ScreenProps> {
  let fetched: ComponentType<ScreenProps> | null = null;
  const take = async (): Promise<ComponentType<ScreenProps>> => (fetched = await load());
  loads.push(take);
  const Later = lazy(() => take().then((component) => ({ default: component })));
  return function Screen(props: ScreenProps) {
    // What is here already is drawn at once: a fallback, once shown, stays for 300 ms. Chosen once, because another type
    // would begin the screen anew under somebody's hands.
    const [Shown] = useState(() => fetched ?? Later);
    return <Shown {...props} />;
  };
}
