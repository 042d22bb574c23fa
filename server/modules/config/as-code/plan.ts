// What an apply would do, in words; and everything that it then needs.
import { createHash } from 'node:crypto';
import type { ConfigPlan, PlannedChange } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { fieldDiffs } from '#server/modules/config/as-code/diff.ts';
import type { FileError, ParsedFile } from '#server/modules/config/as-code/parse.ts';
import { documentInFile } from '#server/modules/config/as-code/to-file.ts';
import { type Wish, wishOf, type WishWorld } from '#server/modules/config/as-code/wish.ts';
import type { ConfigChanges, PreparedChange } from '#server/modules/config/changes.ts';
import { writeRefusal, type Writer } from '#server/modules/config/permission.ts';
import { documentName, referrersOf } from '#server/modules/config/references.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';

export interface PlannedFile {
  plan: ConfigPlan;
  wish: Wish;
  prepared: PreparedChange;
}

export async function planFile(
  file: ParsedFile,
  given: WishWorld & { writer: Writer; basis: string; origin: 'yaml' | 'import' },
  changes: Pick<ConfigChanges, 'prepare'>,
): Promise<PlannedFile> {
  const { config, at, writer, origin } = given;
  const wish = wishOf(file, given);
  const people = withNewPeople(given.people, wish);
  const wanted = wish.errors.length > 0 ? [] : wish.changes;
  const prepared = await changes.prepare(
    { config, people, at, by: writer.userId, origin },
    wanted,
    wish.errors.length > 0 ? undefined : wish.routeOrder,
  );
  const errors: FileError[] = [...wish.errors, ...refusals(wish, file, given, prepared)];
  const pathOf = new Map(wish.changes.map((change) => [`${change.kind}/${change.id}`, file.at(change.path)]));
  for (const [key, findings] of prepared.findings) {
    for (const finding of findings.filter((each) => each.level === 'error')) {
      errors.push({ path: pathOf.get(key) ?? key, reason: finding.text });
    }
  }
  const nameIn = (document: StoredDocument, of: PreparedChange['after']) => documentName(document, of, people);
  for (const gone of prepared.removed) {
    const referrers = referrersOf(prepared.after, gone.kind, gone.id, (document) => nameIn(document, prepared.after));
    if (referrers.length === 0) continue;
    const reason = `${nameIn(gone, config)} would be deleted, and is still used by ${referrers.slice(0, 5).join(', ')}.`;
    errors.push({ path: pathOf.get(`${gone.kind}/${gone.id}`) ?? gone.kind, reason });
  }
  return { plan: { changes: told(), errors, unmapped: [], basis: given.basis }, wish, prepared };

  function told(): PlannedChange[] {
    const line = (op: PlannedChange['op'], kind: string, id: string | null, name: string): PlannedChange => {
      return { op, kind, name, id, fields: [], findings: [] };
    };
    const inFile = (document: StoredDocument, of: PreparedChange['after']) =>
      documentInFile(document, { config: of, people });
    const users = wish.users.map((user) => ({
      ...line('create', 'user', user.id, user.name),
      fields: fieldDiffs({}, { login: user.login, role: user.role }),
      findings: [warning('new-person', 'A new account: an admin has to hand out its sign-in link.')],
    }));
    const teams = wish.teams.map((team) => ({
      ...line(team.isNew ? 'create' : 'update', 'team', team.id, team.name),
      fields: fieldDiffs({}, { members: team.memberIds.map((id) => people.users.get(id)?.login ?? id) }),
    }));
    // Among those that stay: one more in front of it does not move a route.
    const rank = (of: PreparedChange['after'], route: StoredDocument) => {
      if (route.kind !== 'route') return {};
      const staying = of
        .list('route')
        .items.filter(({ id }) => config.get('route', id) !== null && prepared.after.get('route', id) !== null);
      const place = staying.findIndex(({ id }) => id === route.id);
      return place === -1 ? {} : { position: place };
    };
    const placed = prepared.placed.map(({ document, secrets }) => {
      const before = config.get(document.kind, document.id) as StoredDocument | null;
      const fields = fieldDiffs(before === null ? {} : { ...inFile(before, config), ...rank(config, before) }, {
        ...inFile(document, prepared.after),
        ...rank(prepared.after, document),
      }).filter((field) => !field.path.startsWith('secrets'));
      const sealed = Object.entries(secrets).map(([name, value]) => ({
        path: `secrets.${name}`,
        before:
          before !== null && (before.state as { secretNames: string[] }).secretNames.includes(name) ? '(set)' : null,
        after: value === null ? null : '(new value)',
      }));
      const found = prepared.findings.get(`${document.kind}/${document.id}`) ?? [];
      return {
        ...line(before === null ? 'create' : 'update', document.kind, document.id, nameIn(document, prepared.after)),
        fields: [...fields, ...sealed],
        findings: [...found, ...unverified(document)],
      };
    });
    const removed = prepared.removed.map((document) => ({
      ...line('delete', document.kind, document.id, nameIn(document, config)),
      fields: fieldDiffs(inFile(document, config), {}),
    }));
    const same = wish.unchanged
      .map(({ kind, id }) => config.get(kind, id) as StoredDocument | null)
      .filter((document) => document !== null)
      .filter((document) => !prepared.placed.some((item) => item.document.id === document.id))
      .map((document) => ({
        ...line('unchanged', document.kind, document.id, nameIn(document, config)),
        findings: [...document.findings],
      }));
    const noted = placed.filter((change) => change.fields.length > 0);
    return [...users, ...teams, ...noted, ...removed, ...same];
  }
}

/** Names the state and the wish: of another state, another file or another choice it is another one. */
export function basisOf(revision: number, text: string, prune: boolean): string {
  return createHash('sha256').update(`${revision}\n${prune}\n${text}`).digest('hex').slice(0, 32);
}

/** Each line needs the right that the same change needs by hand. */
function refusals(
  wish: Wish,
  file: ParsedFile,
  given: { config: PreparedChange['before']; writer: Writer },
  prepared: PreparedChange,
) {
  const { writer, config } = given;
  const errors: FileError[] = [];
  const admin = roleAtLeast(writer.role, 'admin');
  const needsAdmin = (path: Wish['users'][number]['path'], what: string) =>
    errors.push({
      path: file.at(path),
      reason: `${what} needs the role admin; you are ${writer.role}. Ask an admin to apply this.`,
    });
  if (!admin) {
    for (const user of wish.users) needsAdmin(user.path, `Adding ${user.login}`);
    for (const team of wish.teams) needsAdmin(team.path, `Changing the team ${team.name}`);
  }
  for (const change of wish.changes) {
    const before = config.get(change.kind, change.id)?.draft ?? null;
    const reason = writeRefusal(writer, change.kind, change.id, before, change.draft);
    if (reason !== null) errors.push({ path: file.at(change.path), reason });
  }
  const moved = prepared.placed.find((item) => !item.draftChanged);
  if (moved !== undefined && !roleAtLeast(writer.role, 'manager')) {
    errors.push({ path: 'routes', reason: `Their order needs the role manager; you are ${writer.role}.` });
  }
  return errors;
}

function withNewPeople(people: WishWorld['people'], wish: Wish): WishWorld['people'] {
  const users = new Map(people.users);
  for (const { id, login, name } of wish.users) users.set(id, { id, login, name, disabled: false, teamIds: [] });
  const teams = new Map(people.teams);
  for (const { id, name, memberIds } of wish.teams) {
    teams.set(id, { id, name });
    for (const userId of memberIds) {
      const user = users.get(userId);
      if (user !== undefined) users.set(userId, { ...user, teamIds: [...user.teamIds, id] });
    }
  }
  return { users, teams };
}

function unverified(document: StoredDocument): Finding[] {
  if (document.kind !== 'responder') return [];
  const { draft, state } = document as unknown as StoredDocument<'responder'>;
  const waiting = draft.contactMethods.filter(
    (method) => method.kind !== 'desktop' && state.verified[method.id]?.address !== method.address,
  );
  if (waiting.length === 0) return [];
  const count = waiting.length === 1 ? 'One contact method is' : `${waiting.length} contact methods are`;
  return [warning('unverified', `${count} not verified: it is used only once its code came back.`)];
}

function warning(code: string, text: string): Finding {
  return { level: 'warning', code, text, from: null, to: null };
}
