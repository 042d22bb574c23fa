// What every importer fills in: the file as people could have written it, and what did not fit into it.
import type { ConfigPlan } from '#server/contract/config.ts';
import { LoginName } from '#server/contract/people.ts';
import type { ConfigFileInput } from '#server/modules/config/as-code/format.ts';
import { isZone } from '#server/modules/importers/zone-time.ts';

export type Unmapped = ConfigPlan['unmapped'][number];
export type Section<S extends keyof ConfigFileInput> = NonNullable<ConfigFileInput[S]>;
type Named<S extends keyof ConfigFileInput> = Section<S> extends Record<string, infer T> ? T : never;
export type PersonInput = Named<'people'>;
export type ScheduleInput = Named<'schedules'>;
export type LayerInput = ScheduleInput['layers'][number];
export type PolicyInput = Named<'policies'>;
export type StepInput = PolicyInput['steps'][number];

export interface ImportWorld {
  /** People who are here already; matched by login name, which may be their e-mail address. */
  logins: ReadonlySet<string>;
  /** Now, in milliseconds: where a rotation stands. */
  at: number;
}
export interface Imported {
  file: ConfigFileInput;
  unmapped: Unmapped[];
}

export function createDraft(world: ImportWorld) {
  const people: Section<'people'> = {};
  const teams: Section<'teams'> = {};
  const schedules: Section<'schedules'> = {};
  const policies: Section<'policies'> = {};
  const routes: Section<'routes'> = [];
  const overrides: Section<'overrides'> = [];
  const unmapped: Unmapped[] = [];
  const logins = new Map<string, string>();

  return {
    unmapped,
    note(what: string, why: string, suggestion: string): void {
      unmapped.push({ what, why, suggestion });
    },

    /** Under their e-mail address, or the part before the @ where that is who is here already. */
    addPerson(id: string, given: { email: string; name: string; person: PersonInput }): void {
      const email = given.email.trim().toLowerCase();
      const local = email.split('@')[0] ?? '';
      const wanted = world.logins.has(local) && !world.logins.has(email) ? local : email;
      const login = LoginName.safeParse(wanted);
      if (!login.success || people[login.data] !== undefined) {
        const why = login.success
          ? 'Another person has the same e-mail address.'
          : 'The e-mail address cannot be a login name.';
        unmapped.push({
          what: `person ${given.name}`,
          why,
          suggestion: 'Add the person by hand under Settings, then import again.',
        });
        return;
      }
      logins.set(id, login.data);
      people[login.data] = { name: given.name.slice(0, 100) || login.data, role: 'responder', ...given.person };
    },
    /** Null, with a note, when the export does not have that person. */
    login(id: string, where: string): string | null {
      const login = logins.get(id);
      if (login !== undefined) return login;
      unmapped.push({
        what: `person ${id} in ${where}`,
        why: 'The export names this person and does not contain them.',
        suggestion: 'Export the people too, or put somebody in their place afterwards.',
      });
      return null;
    },
    loginOf: (id: string) => logins.get(id) ?? null,

    addTeam(name: string, members: string[]): void {
      teams[clean(name)] = { members };
    },
    addSchedule: (name: string, schedule: ScheduleInput) => put(schedules, name, schedule),
    addPolicy(name: string, policy: PolicyInput): string | null {
      const steps = policy.steps.filter((step) => step.targets.length > 0);
      if (steps.length > 0) return put(policies, name, { ...policy, steps: steps.slice(0, 20) });
      unmapped.push({
        what: `policy ${name}`,
        why: 'None of its steps pages anybody who can be carried over.',
        suggestion: 'Make a policy by hand and choose it in the routes.',
      });
      return null;
    },
    /** Incidents of a service go to a policy. */
    addRoute(service: string, policy: string | null): void {
      const name = free(clean(service), (taken) => routes.some((route) => route.name === taken));
      routes.push({ name, condition: `alert.service == ${JSON.stringify(clean(service))}`, policy });
    },
    addOverride: (override: Section<'overrides'>[number]) => void overrides.push(override),

    /** A zone that this server knows, or UTC with a note. */
    zone(name: string | null | undefined, where: string): string {
      if (typeof name === 'string' && isZone(name)) return name;
      unmapped.push({
        what: `time zone ${String(name)} of ${where}`,
        why: 'This server knows no such zone, so UTC was taken.',
        suggestion: 'Choose the right zone before you apply.',
      });
      return 'UTC';
    },

    done(): Imported {
      const all = { teams, people, schedules, policies, routes, overrides };
      const filled = Object.entries(all).filter(([, section]) => Object.keys(section).length > 0);
      return { file: Object.fromEntries(filled), unmapped };
    },
  };

  function put<T>(into: Record<string, T>, wanted: string, value: T): string {
    const name = free(clean(wanted), (taken) => into[taken] !== undefined);
    into[name] = value;
    return name;
  }
}
export type Draft = ReturnType<typeof createDraft>;

/** Turned so that the slot at `first` comes first. */
export function turned<T>(slots: readonly T[], first: number): T[] {
  const start = slots.length === 0 ? 0 : ((first % slots.length) + slots.length) % slots.length;
  return [...slots.slice(start), ...slots.slice(0, start)];
}

function clean(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ').slice(0, 280) || 'unnamed';
}

function free(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name;
  let number = 2;
  while (taken(`${name} (${number})`)) number += 1;
  return `${name} (${number})`;
}
