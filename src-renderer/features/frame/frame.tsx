import { Component, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { t } from '../../language/words.ts';
import { matchPath, useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { visitAddress } from '../../came-from.ts';
import { fetchScreens, type Route, routes } from '../../routes.tsx';
import { RedrawPace } from '../../session.tsx';
import { after } from '../../time.ts';
import { useCommands } from '../../ui/commands.ts';
import { Empty, Problem } from '../../ui/empty.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { Toasts } from '../../ui/toast.tsx';
import { DesktopLink } from '../desktop/desktop-link.tsx';
import { BlockedNotice } from '../paging/blocked-notice.tsx';
import { CenterNotices } from '../paging/center-notices.tsx';
import { PaletteHost } from '../palette/palette-host.tsx';
import { MentionNotifier } from '../room-chat/mention-notifier.tsx';
import { RunbookKeeper } from '../services/runbook-keeper.tsx';
import { PageBanner, PageNotifier } from '../paging/page-notifier.tsx';
import { isApartWindow } from '../war-room/wall-address.ts';
import { Announcer } from './announcer.tsx';
import { CallAnywhere, fetchCallDialog } from './call-anywhere.tsx';
import { DeclareAnywhere } from './declare-anywhere.tsx';
import { FollowPreference } from './follow-preference.tsx';
import { Foot } from './foot.tsx';
import './frame.css';
import { GlobalCommands, ScreenKeys } from './global-commands.tsx';
import { Notifier } from './notifier.tsx';
import { OfflineBar } from './offline-bar.tsx';
import { Rail } from './rail.tsx';
import { ReplicaNews } from './replica-news.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { SkewBar } from './skew-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { UndoCommand } from './undo-command.tsx';
import { VersionBar } from './version-bar.tsx';

/** The screen that is asked for comes first. */
const fetchScreensAfterMs = 1_500;

export function Frame() {
  const { path, query } = useLocation();
  useEffect(() => visitAddress(window.location.hash), [path, query]);
  useEffect(
    () =>
      after(fetchScreensAfterMs, () => {
        fetchScreens();
        fetchCallDialog();
      }),
    [],
  );
  const found = findRoute(path);
  const rail = usePreferences((state) => state.rail);
  const narrow = rail === null ? found?.route.narrow === true : rail === 'narrow';
  const screen =
    found === null ? (
      <div className="screen-pad">
        <Empty
          title={t`There is no screen at this address`}
          actions={
            <a className="button" href={paths.now()}>
              {t`Go to Now`}
            </a>
          }
        >
          {t`${path} may come from another version of the client.`}
        </Empty>
      </div>
    ) : (
      <ScreenBoundary key={path}>
        <Suspense fallback={null}>
          <found.route.Screen params={found.params} query={query} />
        </Suspense>
      </ScreenBoundary>
    );
  if (found?.route.bare === true) {
    const apart = isApartWindow(path, query);
    // The wall is read-only and seen by everybody: nothing of mine pops up on it.
    return (
      <>
        {screen}
        <RedrawPace />
        <FollowPreference />
        {apart ? <ScreenKeys /> : <GlobalCommands />}
        <ShortcutSheet />
        <Announcer />
        {apart ? null : <DesktopLink />}
      </>
    );
  }
  return (
    <div className={narrow ? 'app narrow' : 'app'}>
      <Rail path={path} narrow={narrow} />
      <SidePanelCommand narrow={narrow} />
      <TopBar />
      <main id="main" tabIndex={-1}>
        <Notices />
        <div className={found?.route.wide === true ? 'screen wide' : 'screen'}>{screen}</div>
      </main>
      <Foot />
      <RedrawPace />
      <FollowPreference />
      <GlobalCommands />
      <PaletteHost />
      <DeclareAnywhere />
      <CallAnywhere />
      <UndoCommand />
      <ShortcutSheet />
      <ReplicaNews />
      <Announcer />
      <Notifier />
      <MentionNotifier />
      <PageNotifier />
      <RunbookKeeper />
      <DesktopLink />
      <Toasts />
    </div>
  );
}

/** What lies over a screen begins below them: their buttons stay in reach (`--notices`). */
function Notices() {
  const all = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = all.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--notices', `${element.offsetHeight}px`),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={all} className="notices">
      <OfflineBar />
      <VersionBar />
      <SkewBar />
      <PageBanner />
      <CenterNotices />
      <BlockedNotice />
    </div>
  );
}

/** Folds the rail to its icons, or shows its words; then it stays so on every screen of this machine. */
function SidePanelCommand({ narrow }: { narrow: boolean }) {
  const prefer = usePreferences((state) => state.prefer);
  useCommands(
    [
      {
        id: 'panel.side',
        label: narrow ? t`unfold the side panel` : t`fold the side panel`,
        group: 'Everywhere',
        keywords: 'sidebar rail',
        run: () => prefer({ rail: narrow ? 'wide' : 'narrow' }),
      },
    ],
    'everywhere',
  );
  return null;
}

function findRoute(path: string): { route: Route; params: Record<string, string> } | null {
  for (const route of routes) {
    const params = matchPath(route.pattern, path);
    if (params !== null) return { route, params };
  }
  return null;
}

/** A screen that fails says so in its own place; rail, bars and the other screens go on. */
class ScreenBoundary extends Component<{ children: ReactNode }, { failed: string | null }> {
  override state: { failed: string | null } = { failed: null };

  static getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    return (
      <div className="screen-pad">
        <Problem
          what={t`This screen could not be drawn`}
          why={t`${failed}. The other screens still work; your queued actions are safe.`}
          onRetry={() => this.setState({ failed: null })}
        />
      </div>
    );
  }
}
