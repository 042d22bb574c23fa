// What the palette finds beside commands: everything of the copy on this machine that has a screen of its own.
import type { EntityName, EntityOf } from '#server/contract/replica.ts';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import type { Tables } from '../../replica/rows/rows.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { shortIdOf } from '../links/short-id.ts';
import { codeOf, isOpen } from '../incidents/incident-facts.ts';
import { settingsSections } from '../settings/sections.ts';
import type { PaletteSection, Searchable } from './search.ts';

export interface EntityEntry extends Searchable {
  to: string;
  icon: IconName;
  mark?: MarkKind;
}

type Describe<N extends EntityName> = (row: EntityOf<N>) => Omit<EntityEntry, 'key'>;

const incident: Describe<'incident'> = (row) => ({
  section: 'incidents',
  title: row.title,
  detail: `${codeOf(row)}, ${term(row.status)}`,
  words: `${row.services.join(' ')} ${row.impact ?? ''}`,
  handicap: isOpen(row) ? -0.2 : 0.4,
  to: paths.incident(row.id),
  icon: 'incidents',
  mark: row.severity,
});

const alert: Describe<'alert'> = (row) => ({
  section: 'alerts',
  title: row.title,
  // Several of one name stand apart by where they come from.
  detail: [row.service, row.labels['instance'] ?? row.labels['pod'], term(row.status)]
    .filter((part) => part !== null && part !== undefined)
    .join(', '),
  words: row.source,
  handicap: row.status === 'firing' ? 0 : 0.5,
  to: paths.alerts({ peek: row.id }),
  icon: 'alerts',
  mark: row.severity,
});

const user: Describe<'user'> = (row) => ({
  section: 'people',
  title: row.name,
  detail: row.disabled ? t`${row.login}, disabled` : `${row.login}, ${row.role}`,
  handicap: row.disabled ? 0.5 : 0,
  to: paths.person(row.id),
  icon: 'person',
});

const team: Describe<'team'> = (row) => ({
  section: 'teams',
  title: row.name,
  detail: t`team`,
  handicap: 0,
  to: paths.settings('teams'),
  icon: 'group',
});

const schedule: Describe<'schedule'> = (row) => ({
  section: 'schedules',
  title: row.name,
  detail: t`schedule, on call`,
  handicap: 0,
  to: paths.schedule(row.id),
  icon: 'phone-call',
});

const service: Describe<'service'> = (row) => ({
  section: 'services',
  title: row.name,
  detail: row.tier === null ? row.kind : t`${term(row.kind)}, tier ${row.tier}`,
  words: `${row.aliases.join(' ')} ${row.ownerText}`,
  handicap: 0,
  to: paths.service(row.id),
  icon: 'server',
});

const task: Describe<'task'> = (row) => ({
  section: 'incidents',
  title: row.title,
  detail: row.doneAt === null ? t`task` : t`task, done`,
  handicap: row.doneAt === null ? 0.1 : 0.6,
  to: paths.at(shortIdOf('task', row.id)),
  icon: 'task',
});

const silence: Describe<'silence'> = (row) => ({
  section: 'alerts',
  title: row.reason,
  detail: row.kind === 'maintenance' ? t`maintenance window` : t`silence`,
  words: row.matcher,
  handicap: 0.3,
  to: paths.at(shortIdOf('silence', row.id)),
  icon: 'alerts',
});

/** Documents that decide who is paged, and where signals come from. */
function setup(kind: string, icon: IconName, to: (id: string) => string) {
  return (row: { id: string; name: string }): Omit<EntityEntry, 'key'> => ({
    section: 'setup',
    title: row.name,
    detail: kind,
    handicap: 0.2,
    to: to(row.id),
    icon,
  });
}

/** The many last. */
const described: { [N in EntityName]?: Describe<N> } = {
  incident,
  service,
  user,
  team,
  schedule,
  policy: setup(t`escalation policy`, 'timeline', paths.policy),
  route: setup('route', 'arrow', paths.route),
  inhibition: setup(t`inhibition`, 'arrow', paths.inhibition),
  stakeholderList: setup(t`stakeholder list`, 'send', paths.stakeholders),
  monitor: setup(t`heartbeat`, 'clock', paths.monitor),
  channel: setup('channel', 'send', paths.channel),
  rule: setup(t`grouping rule`, 'group', paths.groupingRule),
  integration: setup('integration', 'external', paths.integration),
  task,
  silence,
  alert,
};

/** Rows are never changed in place, so what was made of one is good for as long as the row is. */
const made = new WeakMap<object, EntityEntry>();

export function entityEntries(tables: Tables): EntityEntry[] {
  const all = [...settings];
  for (const [entity, describe] of Object.entries(described)) {
    for (const row of tables[entity as EntityName].rows.values()) {
      let entry = made.get(row);
      if (entry === undefined) {
        // The function under a name takes the rows of that name; the type system cannot follow the record.
        entry = { key: `${entity}:${row.id}`, ...(describe as (row: unknown) => Omit<EntityEntry, 'key'>)(row) };
        made.set(row, entry);
      }
      all.push(entry);
    }
  }
  return all;
}

/** Of one thing, where the copy still holds it. */
export function entryOf(tables: Tables, key: string): EntityEntry | null {
  const [entity = '', id = ''] = key.split(':', 2);
  const describe = described[entity as EntityName] as ((row: unknown) => Omit<EntityEntry, 'key'>) | undefined;
  const row = describe === undefined ? undefined : tables[entity as EntityName].rows.get(id);
  return describe === undefined || row === undefined ? null : { key, ...describe(row) };
}

const settings: EntityEntry[] = settingsSections.map(({ id, title, group }) => ({
  key: `settings:${id}`,
  section: 'settings' as PaletteSection,
  title,
  detail: group === 'You' ? t`your settings` : t`settings for everyone`,
  words: t`settings preferences`,
  handicap: 0.1,
  to: paths.settings(id),
  icon: 'settings' as IconName,
}));
