import type { ComponentType } from 'react';
import type { PermissionRole } from '#server/contract/people.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useMe } from '../../session.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Center } from './center.tsx';
import { Display } from './display.tsx';
import { Notifications } from './notifications.tsx';
import { Organisation } from './organisation.tsx';
import { Paging } from './paging.tsx';
import { People } from './people.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';
import './settings.css';
import { Teams } from './teams.tsx';
import { WallDisplay } from './wall-display.tsx';

interface Section {
  id: string;
  title: string;
  group: 'You' | 'Everyone';
  Body: ComponentType;
  /** Who may change something there; everyone may look. */
  changes?: PermissionRole;
}

const sections: readonly Section[] = [
  { id: 'profile', title: 'Profile', group: 'You', Body: Profile },
  { id: 'paging', title: 'How I am paged', group: 'You', Body: Paging },
  { id: 'display', title: 'Display', group: 'You', Body: Display },
  { id: 'notifications', title: 'Notifications', group: 'You', Body: Notifications },
  { id: 'wall', title: 'War room', group: 'You', Body: WallDisplay },
  { id: 'keys', title: 'API keys', group: 'You', Body: ApiKeys },
  { id: 'sessions', title: 'Sign-ins', group: 'You', Body: Sessions },
  { id: 'people', title: 'People', group: 'Everyone', Body: People, changes: 'admin' },
  { id: 'teams', title: 'Teams', group: 'Everyone', Body: Teams, changes: 'admin' },
  { id: 'center', title: 'Paging', group: 'Everyone', Body: Center, changes: 'admin' },
  { id: 'organisation', title: 'Organisation', group: 'Everyone', Body: Organisation, changes: 'admin' },
];

/** On a phone the sections are one line that scrolls. */
function scrollIntoView(link: HTMLElement | null): void {
  link?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

export function SettingsScreen({ params }: ScreenProps) {
  const { role } = useMe();
  const current = sections.find((section) => section.id === params['section']) ?? sections[0];
  if (current === undefined) return null;
  const { Body, title, changes } = current;
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        <h1>Settings</h1>
        {(['You', 'Everyone'] as const).map((group) => (
          <div key={group} role="group" aria-label={group}>
            <h2 className="settings-group">{group}</h2>
            {sections
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
      <div className="settings-main">
        <header className="settings-head">
          <h2 className="title">{title}</h2>
          {changes === undefined || roleAtLeast(role, changes) ? null : (
            <span className="chip outlined">
              an {changes} changes these; you are {role}
            </span>
          )}
        </header>
        <Body />
      </div>
    </div>
  );
}
