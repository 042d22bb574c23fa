// Names become ids. What is there under the same name keeps its id, so a running escalation keeps its place.
import type { DraftOf } from '#server/contract/config.ts';
import type { Layer } from '#server/contract/schedule.ts';
import type { EscalationStep } from '#server/contract/policy.ts';
import {
  type ConfigFile,
  type FileLayer,
  type FileOverride,
  type FilePerson,
  weekdays,
} from '#server/modules/config/as-code/format.ts';
import type { FilePath } from '#server/modules/config/as-code/parse.ts';
import { answersTo } from '#server/modules/config/as-code/to-file.ts';
import { sameJson } from '#server/modules/config/same-json.ts';

export interface Lookup {
  user(login: string, path: FilePath): string;
  team(name: string, path: FilePath): string;
  document(kind: 'schedule' | 'policy' | 'channel', name: string, path: FilePath): string;
  newId(): string;
  fail(path: FilePath, reason: string): void;
}
type Items<S extends keyof ConfigFile> = NonNullable<ConfigFile[S]> extends Record<string, infer T> ? T : never;

export function scheduleDraft(
  name: string,
  given: Items<'schedules'>,
  before: DraftOf<'schedule'> | null,
  path: FilePath,
  find: Lookup,
): DraftOf<'schedule'> {
  const spare = [...(before?.layers ?? [])];
  return {
    name,
    description: given.description,
    teamId: given.team === null ? null : find.team(given.team, [...path, 'team']),
    timeZone: given.timeZone,
    layers: given.layers.map((layer, i) => {
      const place = spare.findIndex((known) => known.name === layer.name);
      const known = place === -1 ? undefined : spare.splice(place, 1)[0];
      return layerDraft(layer, known?.id ?? find.newId(), given.timeZone, [...path, 'layers', i], find);
    }),
  };
}

function layerDraft(layer: FileLayer, id: string, timeZone: string, path: FilePath, find: Lookup): Layer {
  const { name, priority } = layer;
  if (layer.calendar !== undefined) {
    if (layer.rotation !== undefined || layer.participants !== undefined) {
      find.fail(path, 'A layer is either a calendar or a rotation. Make two of it.');
    }
    return { id, name, priority, type: 'calendar', url: layer.calendar };
  }
  if (layer.rotation === undefined || layer.participants === undefined) {
    find.fail(path, 'A layer needs rotation and participants, or a calendar.');
  }
  return {
    id,
    name,
    priority,
    type: 'rotation',
    timeZone: layer.timeZone ?? timeZone,
    rotation: layer.rotation ?? { unit: 'week', every: 1, handoffTime: '09:00', startsOn: '2000-01-03' },
    participants: (layer.participants ?? []).map((slot, i) =>
      (Array.isArray(slot) ? slot : [slot]).map((login) => find.user(login, [...path, 'participants', i])),
    ),
    restrictions: layer.restrictions.map(({ days, from, to }) => ({ days: numbered(days), from, to })),
    endsOn: layer.endsOn,
  };
}

/** A step keeps its id when it is the same as before, or else when it stands in the same place. */
export function policyDraft(
  name: string,
  given: Items<'policies'>,
  before: DraftOf<'policy'> | null,
  path: FilePath,
  find: Lookup,
): DraftOf<'policy'> {
  const steps = given.steps.map((step, i): Omit<EscalationStep, 'id'> => ({
    targets: step.targets.map((target, j) => {
      const at = [...path, 'steps', i, 'targets', j];
      if (target.user !== undefined) return { type: 'user', id: find.user(target.user, at) };
      if (target.team !== undefined) return { type: 'team', id: find.team(target.team, at) };
      if (target.schedule !== undefined)
        return { type: 'schedule', id: find.document('schedule', target.schedule, at) };
      return { type: 'channel', id: find.document('channel', target.channel ?? '', at) };
    }),
    roundRobin: step.roundRobin,
    delayMinutes: step.delayMinutes,
    when: { severities: step.severities, hours: step.hours },
    priority: step.priority,
  }));
  const known = before?.steps ?? [];
  const ids: (string | undefined)[] = steps.map(() => undefined);
  const taken = new Set<string>();
  const take = (i: number, step: EscalationStep | undefined) => {
    if (step === undefined || ids[i] !== undefined || taken.has(step.id)) return;
    taken.add(step.id);
    ids[i] = step.id;
  };
  steps.forEach((step, i) =>
    take(
      i,
      known.find(({ id, ...rest }) => !taken.has(id) && sameJson(rest, step)),
    ),
  );
  steps.forEach((_, i) => take(i, known[i]));
  return {
    name,
    description: given.description,
    teamId: given.team === null ? null : find.team(given.team, [...path, 'team']),
    steps: steps.map((step, i) => ({ id: ids[i] ?? find.newId(), ...step })),
    repeat: given.repeat,
    acknowledgementsNeeded: given.acknowledgementsNeeded,
    pageAgain: given.pageAgain,
    workingHours:
      given.workingHours === null ? null : { ...given.workingHours, days: numbered(given.workingHours.days) },
  };
}

export function routeDraft(
  given: Omit<NonNullable<ConfigFile['routes']>[number], 'condition' | 'enabled'> & {
    condition: string;
    enabled: boolean;
  },
  path: FilePath,
  find: Lookup,
): DraftOf<'route'> {
  return {
    name: given.name,
    enabled: given.enabled,
    condition: given.condition,
    policyId: given.policy === null ? null : find.document('policy', given.policy, [...path, 'policy']),
    priority: given.priority,
    channelIds: given.channels.map((name, i) => find.document('channel', name, [...path, 'channels', i])),
    service: given.service,
    holdSeconds: given.holdSeconds,
  };
}

export function stakeholderDraft(
  name: string,
  given: Items<'stakeholders'>,
  path: FilePath,
  find: Lookup,
): DraftOf<'stakeholderList'> {
  return {
    name,
    description: given.description,
    channelId: find.document('channel', given.channel, [...path, 'channel']),
    userIds: given.people.map((login, i) => find.user(login, [...path, 'people', i])),
    addresses: given.addresses,
  };
}

/** What is not said about a profile stays as it is. */
export function responderDraft(
  given: FilePerson,
  before: DraftOf<'responder'> | null,
  path: FilePath,
  find: Lookup,
): DraftOf<'responder'> {
  const spare = [...(before?.contactMethods ?? [])];
  const isNamed = (known: { kind: string; address: string }) =>
    given.methods?.some((method) => method.kind === known.kind && method.address === known.address) === true;
  const contactMethods =
    given.methods?.map((method, i) => {
      const place = spare.findIndex((known) => known.kind === method.kind && known.address === method.address);
      const isRenamed = (known: { kind: string; label: string; address: string }) =>
        known.kind === method.kind && known.label === method.label && !isNamed(known);
      const moved = place === -1 ? spare.findIndex(isRenamed) : place;
      const known = moved === -1 ? undefined : spare.splice(moved, 1)[0];
      return {
        id: known?.id ?? find.newId(),
        kind: method.kind,
        address: method.address,
        label: method.label,
        channelId: method.channel === null ? null : find.document('channel', method.channel, [...path, 'methods', i]),
        enabled: method.enabled,
      };
    }) ??
    before?.contactMethods ??
    [];
  const rules = (list: readonly { method: string; delayMinutes: number }[], set: string) =>
    list.map((rule, i) => {
      const place = /^#(\d+)$/.exec(rule.method)?.[1];
      const found =
        place === undefined
          ? contactMethods.filter((method) => answersTo(method, rule.method))
          : contactMethods.slice(Number(place) - 1, Number(place));
      if (found.length !== 1) {
        const why = found.length === 0 ? 'none of the methods is' : 'more than one of the methods is';
        find.fail(
          [...path, 'rules', set, i, 'method'],
          `${rule.method}: ${why} called so. Use its label, or its kind and address.`,
        );
      }
      return { methodId: found[0]?.id ?? find.newId(), delayMinutes: rule.delayMinutes };
    });
  return {
    timeZone: given.timeZone ?? before?.timeZone ?? 'UTC',
    contactMethods,
    rules:
      given.rules === undefined
        ? keptRules(before, contactMethods)
        : { default: rules(given.rules.default, 'default'), important: rules(given.rules.important, 'important') },
    quietHours: given.quietHours === undefined ? (before?.quietHours ?? null) : given.quietHours,
    doNotDisturb: given.doNotDisturb === undefined ? (before?.doNotDisturb ?? null) : given.doNotDisturb,
  };
}

export function hasProfile(person: FilePerson): boolean {
  return [person.timeZone, person.methods, person.rules, person.quietHours, person.doNotDisturb].some(
    (field) => field !== undefined,
  );
}

export function overrideDraft(given: FileOverride, path: FilePath, find: Lookup): DraftOf<'override'> {
  const { startsAt, endsAt, reason, mode } = given;
  const base = {
    scheduleId: find.document('schedule', given.schedule, [...path, 'schedule']),
    startsAt,
    endsAt,
    reason,
  };
  const shifts = (given.shifts ?? []).map((shift, i) => ({
    userId: find.user(shift.user, [...path, 'shifts', i]),
    startsAt: shift.startsAt,
    endsAt: shift.endsAt,
  }));
  if (mode === 'temporary') return { ...base, mode, shifts };
  if (given.user === undefined) find.fail(path, `${mode} needs a user.`);
  const userId = given.user === undefined ? find.newId() : find.user(given.user, [...path, 'user']);
  if (mode !== 'replace') return { ...base, mode, userId };
  const replaced = given.replaces ?? null;
  return {
    ...base,
    mode,
    userId,
    replacedUserId: replaced === null ? null : find.user(replaced, [...path, 'replaces']),
  };
}

function keptRules(before: DraftOf<'responder'> | null, methods: DraftOf<'responder'>['contactMethods']) {
  const there = (rule: { methodId: string }) => methods.some((method) => method.id === rule.methodId);
  return {
    default: before?.rules.default.filter(there) ?? [],
    important: before?.rules.important.filter(there) ?? [],
  };
}

function numbered(days: readonly (typeof weekdays)[number][]): number[] {
  return days.map((day) => weekdays.indexOf(day) + 1);
}
