// Schedules, changes of them and a configuration that holds them, as values.
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { RotationLayer } from '#server/contract/schedule.ts';
import type { DocumentList, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import type { Calendars, ScheduleFacts } from '#server/modules/oncall/state.ts';

/** A document of any kind. */
export type AnyDocument = { [K in ConfigKind]: StoredDocument<K> }[ConfigKind];

/** An id whose order is that of its number. */
export function anId(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export function stored<K extends ConfigKind>(kind: K, id: string, draft: DraftOf<K>): StoredDocument<K> {
  return {
    $document: `${kind}/${id}@1`,
    kind,
    id,
    version: 1,
    bodyVersion: 1,
    draft,
    state: {} as StoredDocument<K>['state'],
    findings: [],
    origin: 'ui',
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: null,
  };
}

export function aLayer(change: Partial<RotationLayer> = {}): RotationLayer {
  return {
    type: 'rotation',
    id: anId(900),
    name: 'Primary',
    priority: 0,
    timeZone: 'Europe/Berlin',
    rotation: { unit: 'day', every: 1, handoffTime: '09:00', startsOn: '2026-01-05' },
    participants: [[anId(1)], [anId(2)], [anId(3)]],
    restrictions: [],
    endsOn: null,
    ...change,
  };
}

export function aSchedule(change: Partial<DraftOf<'schedule'>> = {}, id = anId(800)): StoredDocument<'schedule'> {
  const draft = { name: 'Payments', description: '', teamId: null, timeZone: 'Europe/Berlin', layers: [aLayer()] };
  return stored('schedule', id, { ...draft, ...change });
}

export function someFacts(change: Partial<ScheduleFacts> = {}): ScheduleFacts {
  return { overrides: [], timeOffs: [], swaps: [], calendars: [], disabledUserIds: [], ...change };
}

export function aConfig(documents: readonly AnyDocument[], revision = 1): PagingConfig {
  const lists = new Map<ConfigKind, DocumentList<ConfigKind>>();
  const byId = new Map(documents.map((one) => [`${one.kind}/${one.id}`, one]));
  return {
    revision,
    list<K extends ConfigKind>(kind: K) {
      let list = lists.get(kind);
      if (list === undefined) {
        const items = documents.filter((one) => one.kind === kind).toSorted((a, b) => (a.id < b.id ? -1 : 1));
        list = { $documents: `${kind}@${revision}`, items } as unknown as DocumentList<ConfigKind>;
        lists.set(kind, list);
      }
      return list as unknown as DocumentList<K>;
    },
    get<K extends ConfigKind>(kind: K, id: string) {
      return (byId.get(`${kind}/${id}`) ?? null) as unknown as StoredDocument<K> | null;
    },
  };
}

/** Everybody from 1 to 9 is there, by the name `Person N` and the login `person-N`. */
export function somePeople(disabled: readonly string[] = []) {
  const people = Array.from({ length: 9 }, (_, index) => {
    const id = anId(index + 1);
    const name = `Person ${index + 1}`;
    return { id, name, login: `person-${index + 1}`, disabled: disabled.includes(id), teamIds: [] };
  });
  return new Map(people.map((person) => [person.id, person]));
}

export const noCalendars: Calendars = { read: () => null };
