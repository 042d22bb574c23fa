import type { ComponentType } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useMe } from '../../session.tsx';
import { Split } from '../../ui/split.tsx';
import { DesktopSettings } from '../desktop/desktop-settings.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Center } from './center.tsx';
import { Display } from './display.tsx';
import { Keyboard } from './keyboard.tsx';
import { Notifications } from './notifications.tsx';
import { Organisation } from './organisation.tsx';
import { Paging } from './paging.tsx';
import { People } from './people.tsx';
import { Profile } from './profile.tsx';
import { type SettingsSectionId, settingsSections } from './sections.ts';
import { Sessions } from './sessions.tsx';
import './settings.css';
import { Teams } from './teams.tsx';
import { UpdateSettings } from './updates.tsx';
import { WallDisplay } from './wall-display.tsx';

const bodies: Record<SettingsSectionId, ComponentType> = {
  profile: Profile,
  paging: Paging,
  display: Display,
  keyboard: Keyboard,
  notifications: Notifications,
  desktop: DesktopSettings,
  wall: WallDisplay,
  keys: ApiKeys,
  sessions: Sessions,
  people: People,
  teams: Teams,
  center: Center,
  updates: UpdateSettings,
  organisation: Organisation,
};

/** On a phone the sections are one line that scrolls. */
function scrollIntoView(link: HTMLElement | null): void {
  link?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

export function SettingsScreen({ params }: ScreenProps) {
  const { role } = useMe();
  const current = settingsSections.find(({ id }) => id === params['section']) ?? settingsSections[0];
  if (current === undefined) return null;
  const { id, title, changes } = current;
  const Body = bodies[id];
  return (
    <Split
      name="settings"
      className="settings"
      label={t`Width of the sections`}
      sized="start"
      size={188}
      least={{ start: 140, end: 400 }}
      stackAt={760}
      start={
        <nav className="settings-nav" aria-label={t`Settings`}>
          <h1>{t`Settings`}</h1>
          {(['You', 'Everyone'] as const).map((group) => (
            <div key={group} role="group" aria-label={term(group)}>
              <h2 className="settings-group">{term(group)}</h2>
              {settingsSections
                .filter((section) => section.group === group)
                .map((section) => (
                  <a
                    key={section.id}
                    className="settings-link"
                    href={paths.settings(section.id)}
                    aria-current={section === current ? 'page' : undefined}
                    ref={section === current ? scrollIntoView : null}
                  >
                    {section.title}
                  </a>
                ))}
            </div>
          ))}
        </nav>
      }
      end={
        <div className="settings-main">
          <header className="settings-head">
            <h2 className="title">{title}</h2>
            {changes === undefined || roleAtLeast(role, changes) ? null : (
              <span className="chip outlined">{t`an ${term(changes)} changes these; you are ${term(role)}`}</span>
            )}
          </header>
          <Body />
        </div>
      }
    />
  );
}
