import { useMemo } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { numberText, t, term } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useMe, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Menu as ActionMenu } from '../../ui/menu.tsx';
import { themes, useTheme } from '../../ui/theme.ts';
import { useMedia } from '../../ui/use-media.ts';
import { useUnreadCount } from '../inbox/use-inbox.ts';
import { useDuty } from '../paging/on-call-note.tsx';
import { Pinned } from './pinned.tsx';
import { useSignOut } from './sign-out.tsx';

interface Entry {
  to: string;
  label: string;
  icon: IconName;
  count?: number;
}

/** What belongs to on-call; shown below it while one is inside. */
const readiness: readonly Entry[] = [
  { to: paths.policies(), label: t`Policies`, icon: 'timeline' },
  { to: paths.routing(), label: t`Routing`, icon: 'arrow' },
  { to: paths.channels(), label: t`Channels`, icon: 'send' },
  { to: paths.stakeholders(), label: t`Stakeholders`, icon: 'inbox' },
  { to: paths.people(), label: t`People`, icon: 'person' },
  { to: paths.ledger(), label: t`Ledger`, icon: 'log' },
  { to: paths.fatigue(), label: t`Fatigue`, icon: 'chart' },
  { to: paths.insights(), label: t`Insights`, icon: 'chart' },
  { to: paths.asCode(), label: t`As code`, icon: 'edit' },
];
/** Screens without an entry of their own stand under one of these. */
const within: Readonly<Record<string, string>> = {
  '/inhibitions': '/routing',
  '/heartbeats': '/routing',
  '/pages': '/ledger',
  '/why': '/ledger',
};

function inReadiness(path: string): boolean {
  return isWithin('/oncall', path) || readiness.some(({ to }) => isWithin(to.slice(1), path));
}

function isWithin(target: string, path: string): boolean {
  const begins = (at: string): boolean => path === at || path.startsWith(`${at}/`);
  return begins(target) || Object.entries(within).some(([inner, outer]) => outer === target && begins(inner));
}

export function Rail({ path, narrow }: { path: string; narrow: boolean }) {
  const openIncidents = useOpenIncidentCount();
  const firing = useFiringCount();
  const onPhone = useMedia('(max-width: 640px)');
  if (onPhone) {
    return (
      <nav className="rail" aria-label={t`Screens`}>
        <a className="skip-link button" href="#main" onClick={skipToMain}>
          {t`Skip to content`}
        </a>
        <NavLink path={path} narrow={narrow} entry={{ to: paths.now(), label: t`Now`, icon: 'now' }} />
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.incidents(), label: t`Incidents`, icon: 'incidents', count: openIncidents }}
        />
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.alerts(), label: t`Alerts`, icon: 'alerts', count: firing }}
        />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.wall(), label: t`War room`, icon: 'wall' }} />
        <MoreMenu path={path} />
      </nav>
    );
  }
  return (
    <nav className="rail" aria-label={t`Screens`}>
      <a className="skip-link button" href="#main" onClick={skipToMain}>
        {t`Skip to content`}
      </a>
      <div className="rail-list">
        <a className="brand" href={paths.now()} aria-label={t`Tocsin, Now`}>
          <Logo />
          <span className="word">Tocsin</span>
        </a>
        <NavLink path={path} narrow={narrow} entry={{ to: paths.now(), label: t`Now`, icon: 'now' }} />
        <InboxLink path={path} narrow={narrow} />
        <h2 className="group">{t`Respond`}</h2>
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.incidents(), label: t`Incidents`, icon: 'incidents', count: openIncidents }}
        />
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.alerts(), label: t`Alerts`, icon: 'alerts', count: firing }}
        />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.map(), label: t`Map`, icon: 'group' }} />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.timelines(), label: t`Timeline`, icon: 'timeline' }} />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.reviews(), label: t`Reviews`, icon: 'review' }} />
        <h2 className="group">{t`Readiness`}</h2>
        <NavLink path={path} narrow={narrow} entry={{ to: paths.services(), label: t`Services`, icon: 'server' }} />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.oncall(), label: t`On-call`, icon: 'phone-call' }} />
        {!narrow && inReadiness(path) ? (
          <ul className="rail-inner" aria-label={t`On-call`}>
            {readiness.map((entry) => (
              <li key={entry.to}>
                <NavLink path={path} narrow={narrow} entry={entry} />
              </li>
            ))}
          </ul>
        ) : null}
        <h2 className="group">{t`Set up`}</h2>
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.integrations(), label: t`Integrations`, icon: 'external' }}
        />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.grouping(), label: t`Grouping`, icon: 'filter' }} />
        <Pinned path={path} narrow={narrow} />
        <div className="space" />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.wall(), label: t`War room`, icon: 'wall' }} />
        <NavLink
          path={path}
          narrow={narrow}
          entry={{ to: paths.diagnostics(), label: t`Diagnostics`, icon: 'chart' }}
        />
        <NavLink path={path} narrow={narrow} entry={{ to: paths.settings(), label: t`Settings`, icon: 'settings' }} />
      </div>
      <MeMenu narrow={narrow} />
    </nav>
  );
}

function NavLink({ entry, path, narrow }: { entry: Entry; path: string; narrow: boolean }) {
  const target = entry.to.slice(1);
  const current = target === '/' ? path === '/' : isWithin(target, path);
  return (
    <a
      className="nav"
      href={entry.to}
      aria-current={current ? 'page' : undefined}
      title={narrow ? entry.label : undefined}
    >
      <Icon name={entry.icon} />
      <span className="word">{entry.label}</span>
      {entry.count === undefined || entry.count === 0 ? null : (
        <span className="n">{narrow && entry.count > 999 ? '1k+' : numberText(entry.count)}</span>
      )}
    </a>
  );
}

/** Counts what means this person and was not read; it has its own tick, so that the rail has not. */
function InboxLink({ path, narrow }: { path: string; narrow: boolean }) {
  const count = useUnreadCount();
  return <NavLink path={path} narrow={narrow} entry={{ to: paths.inbox(), label: t`Inbox`, icon: 'inbox', count }} />;
}

/** What the bar of a phone has no room for. */
function MoreMenu({ path }: { path: string }) {
  const { ask, dialog } = useSignOut();
  const screens: Entry[] = [
    { to: paths.inbox(), label: t`Inbox`, icon: 'inbox' },
    { to: paths.map(), label: t`Map`, icon: 'group' },
    { to: paths.timelines(), label: t`Timeline`, icon: 'timeline' },
    { to: paths.reviews(), label: t`Reviews`, icon: 'review' },
    { to: paths.services(), label: t`Services`, icon: 'server' },
    { to: paths.oncall(), label: t`On-call`, icon: 'phone-call' },
    ...readiness,
    { to: paths.integrations(), label: t`Integrations`, icon: 'external' },
    { to: paths.grouping(), label: t`Grouping`, icon: 'filter' },
    { to: paths.diagnostics(), label: t`Diagnostics`, icon: 'chart' },
    { to: paths.settings(), label: t`Settings`, icon: 'settings' },
  ];
  const inside = screens.some(({ to }) => path.startsWith(to.slice(1)));
  return (
    <>
      <ActionMenu
        label={t`More screens and sign-out`}
        trigger={
          <AriaButton className={inside ? 'nav more inside' : 'nav more'}>
            <Icon name="dots" />
            <span className="word">{t`More`}</span>
          </AriaButton>
        }
        actions={[
          ...screens.map(({ to, label, icon }) => ({ id: to, label, icon, run: () => navigate(to) })),
          { id: 'sign-out', label: t`Sign out`, run: ask },
        ]}
      />
      {dialog}
    </>
  );
}

function MeMenu({ narrow }: { narrow: boolean }) {
  const me = useMe();
  const theme = useTheme();
  const { ask, dialog } = useSignOut();
  const duty = useDuty();
  return (
    <>
      <MenuTrigger>
        <AriaButton className="me" {...(narrow ? { 'aria-label': `${me.name}, ${me.role}` } : {})}>
          <Avatar name={me.name} large />
          {narrow ? null : (
            <span className="clip stack">
              <span className="small-text clip">{me.name}</span>
              <span
                className="micro faint clip"
                title={duty === null ? undefined : t`${duty.name} until ${duty.until} ${duty.place}`}
              >
                {duty === null ? me.role : t`On call until ${duty.until}`}
              </span>
            </span>
          )}
        </AriaButton>
        <Popover className="popover" placement="top start">
          <Menu
            aria-label={t`Theme and sign-out`}
            onAction={(key) => {
              if (key === 'sign-out') ask();
              const chosen = themes.find((name) => name === key);
              if (chosen !== undefined) theme.setTheme(chosen);
            }}
          >
            {themes.map((name) => (
              <MenuItem key={name} id={name} className="menu-item" textValue={t`Theme ${term(name)}`}>
                <span className={theme.theme === name ? 'medium' : 'muted'}>{t`Theme: ${term(name)}`}</span>
                {theme.theme === name ? <Icon name="check" small /> : null}
              </MenuItem>
            ))}
            <MenuItem id="sign-out" className="menu-item">
              {t`Sign out`}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {dialog}
    </>
  );
}

/** The hash names the screen, so the jump is made by hand. */
function skipToMain(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}

function useOpenIncidentCount(): number {
  const incidents = useTable('incident');
  return useMemo(() => {
    let open = 0;
    for (const incident of incidents.rows.values())
      if (incident.status !== 'resolved' && incident.mergedInto === null) open += 1;
    return open;
  }, [incidents]);
}

function useFiringCount(): number {
  const alerts = useTable('alert');
  return useMemo(() => {
    let firing = 0;
    for (const alert of alerts.rows.values()) if (alert.status === 'firing' && !alert.suppressed) firing += 1;
    return firing;
  }, [alerts]);
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M4.2 13.5c1-1.3 1.4-2.9 1.4-5.3a4.4 4.4 0 0 1 8.8 0c0 2.4.4 4 1.4 5.3z"
        fill="currentColor"
        stroke="currentColor"
        strokeLinejoin="round"
        strokeWidth="1.5"
      />
      <path
        d="M8 16.8h4M10 1.5v1.2M1.8 5.6c.4-1.3 1-2.2 2-3.1M18.2 5.6c-.4-1.3-1-2.2-2-3.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
