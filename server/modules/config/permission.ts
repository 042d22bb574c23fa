import { type ConfigKind, configRoles, type DraftOf } from '#server/contract/config.ts';
import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';

export interface Writer {
  userId: string;
  role: PermissionRole;
}

const nouns: Record<ConfigKind, string> = {
  schedule: 'schedules',
  override: 'overrides that are not about you',
  timeOff: "other people's time off",
  swap: "other people's swaps",
  policy: 'escalation policies',
  route: 'routes',
  inhibition: 'inhibitions',
  channel: 'channels',
  monitor: 'heartbeats',
  responder: "other people's profiles",
  stakeholderList: 'stakeholder lists',
};

/**
 * Why this person may not turn the one draft into the other, or null. Both have to be about himself where the role alone
 * does not suffice: nobody takes over what is somebody else's, nor gives his own to another.
 */
export function writeRefusal(
  writer: Writer,
  kind: ConfigKind,
  id: string,
  before: DraftOf<ConfigKind> | null,
  after: DraftOf<ConfigKind> | null,
): string | null {
  const { role, own } = configRoles[kind];
  if (roleAtLeast(writer.role, role)) return null;
  const drafts = [before, after].filter((draft) => draft !== null);
  const isOwn = drafts.every((draft) => isAbout(writer.userId, kind, id, draft));
  if (own && roleAtLeast(writer.role, 'responder') && isOwn) return null;
  return `To change ${nouns[kind]} you need the role ${role}; you are ${writer.role}. An admin can change that.`;
}

function isAbout(userId: string, kind: ConfigKind, id: string, draft: DraftOf<ConfigKind>): boolean {
  switch (kind) {
    case 'responder':
      return id === userId;
    case 'timeOff':
      return (draft as DraftOf<'timeOff'>).userId === userId;
    case 'swap':
      return (draft as DraftOf<'swap'>).fromUserId === userId;
    case 'override': {
      const override = draft as DraftOf<'override'>;
      switch (override.mode) {
        case 'add':
        case 'remove':
          return override.userId === userId;
        case 'replace':
          return override.userId === userId || override.replacedUserId === userId;
        case 'temporary':
          return false;
      }
    }
    default:
      return false;
  }
}
