// One line a screen. Each is its own chunk, so that the first paint loads only what it shows.
import { type ComponentType, lazy } from 'react';

export interface ScreenProps {
  params: Record<string, string>;
  query: URLSearchParams;
}

export interface Route {
  pattern: string;
  Screen: ComponentType<ScreenProps>;
  /** Rail of 48 px: for screens with three panes. */
  narrow?: boolean;
  /** No rail, no bars: the wall. */
  bare?: boolean;
}

export const routes: Route[] = [
  { pattern: '/', Screen: screen(() => import('./features/now/now-screen.tsx').then((m) => m.NowScreen)) },
  {
    pattern: '/incidents',
    Screen: screen(() => import('./features/incidents/incidents-screen.tsx').then((m) => m.IncidentsScreen)),
  },
  {
    pattern: '/incidents/:id/review',
    Screen: screen(() => import('./features/incidents/postmortem-screen.tsx').then((m) => m.PostmortemScreen)),
    narrow: true,
  },
  {
    pattern: '/incidents/:id',
    Screen: screen(() => import('./features/incidents/incident-room.tsx').then((m) => m.IncidentRoom)),
    narrow: true,
  },
  {
    pattern: '/alerts/:id?',
    Screen: screen(() => import('./features/alerts/alerts-screen.tsx').then((m) => m.AlertsScreen)),
    narrow: true,
  },
  {
    pattern: '/integrations/:id?',
    Screen: screen(() => import('./features/integrations/integrations-screen.tsx').then((m) => m.IntegrationsScreen)),
  },
  {
    pattern: '/grouping/:id?',
    Screen: screen(() => import('./features/grouping/grouping-screen.tsx').then((m) => m.GroupingScreen)),
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
];

function screen(load: () => Promise<ComponentType<ScreenProps>>): ComponentType<ScreenProps> {
  return lazy(() => load().then((component) => ({ default: component })));
}
