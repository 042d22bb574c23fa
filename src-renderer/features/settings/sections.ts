// What Settings holds; the screen has the body of each, the palette finds them by name.
import type { PermissionRole } from '#server/contract/people.ts';
import { t } from '../../language/words.ts';

interface SettingsSection {
  id: string;
  title: string;
  group: 'You' | 'Everyone';
  /** Who may change something there; everyone may look. */
  changes?: PermissionRole;
}

const sections = [
  { id: 'profile', title: t`Profile`, group: 'You' },
  { id: 'paging', title: t`How I am paged`, group: 'You' },
  { id: 'display', title: t`Display`, group: 'You' },
  { id: 'keyboard', title: t`Keyboard`, group: 'You' },
  { id: 'notifications', title: t`Notifications`, group: 'You' },
  { id: 'desktop', title: t`Desktop app`, group: 'You' },
  { id: 'wall', title: t`War room`, group: 'You' },
  { id: 'keys', title: t`API keys`, group: 'You' },
  { id: 'sessions', title: t`Sign-ins`, group: 'You' },
  { id: 'people', title: t`People`, group: 'Everyone', changes: 'admin' },
  { id: 'teams', title: t`Teams`, group: 'Everyone', changes: 'admin' },
  { id: 'center', title: t`Paging`, group: 'Everyone', changes: 'admin' },
  { id: 'updates', title: t`Status updates`, group: 'Everyone', changes: 'admin' },
  { id: 'organisation', title: t`Organisation`, group: 'Everyone', changes: 'admin' },
] as const satisfies readonly SettingsSection[];

export type SettingsSectionId = (typeof sections)[number]['id'];
export const settingsSections: readonly (SettingsSection & { id: SettingsSectionId })[] = sections;
