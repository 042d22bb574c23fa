// What Settings holds; the screen has the body of each, the palette finds them by name.
import type { PermissionRole } from '#server/contract/people.ts';

interface SettingsSection {
  id: string;
  title: string;
  group: 'You' | 'Everyone';
  /** Who may change something there; everyone may look. */
  changes?: PermissionRole;
}

const sections = [
  { id: 'profile', title: 'Profile', group: 'You' },
  { id: 'paging', title: 'How I am paged', group: 'You' },
  { id: 'display', title: 'Display', group: 'You' },
  { id: 'keyboard', title: 'Keyboard', group: 'You' },
  { id: 'notifications', title: 'Notifications', group: 'You' },
  { id: 'desktop', title: 'Desktop app', group: 'You' },
  { id: 'wall', title: 'War room', group: 'You' },
  { id: 'keys', title: 'API keys', group: 'You' },
  { id: 'sessions', title: 'Sign-ins', group: 'You' },
  { id: 'people', title: 'People', group: 'Everyone', changes: 'admin' },
  { id: 'teams', title: 'Teams', group: 'Everyone', changes: 'admin' },
  { id: 'center', title: 'Paging', group: 'Everyone', changes: 'admin' },
  { id: 'updates', title: 'Status updates', group: 'Everyone', changes: 'admin' },
  { id: 'organisation', title: 'Organisation', group: 'Everyone', changes: 'admin' },
] as const satisfies readonly SettingsSection[];

export type SettingsSectionId = (typeof sections)[number]['id'];
export const settingsSections: readonly (SettingsSection & { id: SettingsSectionId })[] = sections;
