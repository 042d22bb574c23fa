import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import { kindWords, referencesOf } from '#server/modules/config/references.ts';
import type { CheckWorld, StoredDocument } from '#server/modules/config/state.ts';

const mostOfAKind = 5_000;
const builtInCondition = 'true';

/** What holds for every kind: what is named exists, names are its own, the catch-all catches all. */
export function checkGenerally(kind: ConfigKind, draft: DraftOf<ConfigKind>, world: CheckWorld): Finding[] {
  return [
    ...missing(kind, draft, world),
    ...sameName(kind, draft, world),
    ...(kind === 'route' ? builtIn(draft as DraftOf<'route'>, world) : []),
    ...backwards(kind, draft),
    ...(world.config.list(kind).items.length > mostOfAKind
      ? [error('too-many', `There are ${mostOfAKind} of this kind already. Delete what nobody needs first.`)]
      : []),
  ];
}

function missing(kind: ConfigKind, draft: unknown, { config, users, teams }: CheckWorld): Finding[] {
  return referencesOf({ kind, draft }).flatMap((reference) => {
    const known =
      reference.kind === 'user'
        ? users.has(reference.id)
        : reference.kind === 'team'
          ? teams.has(reference.id)
          : config.get(reference.kind, reference.id) !== null;
    if (known) return [];
    const what = kindWords[reference.kind];
    return [error('missing', `It names a ${what} that does not exist (any more). Choose another ${what}.`)];
  });
}

function sameName(kind: ConfigKind, draft: unknown, { config, id }: CheckWorld): Finding[] {
  const { name } = draft as { name?: string };
  if (name === undefined) return [];
  const items = config.list(kind).items as readonly StoredDocument[];
  const taken = items.some((other) => other.id !== id && (other.draft as { name: string }).name === name);
  return taken ? [error('name-taken', `There is another ${kindWords[kind]} named ${name}. Choose another name.`)] : [];
}

function builtIn(draft: DraftOf<'route'>, { config, id }: CheckWorld): Finding[] {
  if (config.get('route', id)?.state.builtIn !== true) return [];
  if (!draft.enabled) return [error('built-in', 'The catch-all stays on: it takes what no other route took.')];
  if (draft.condition !== builtInCondition) {
    return [error('built-in', 'The catch-all takes everything. Put a route of your own before it instead.')];
  }
  if (draft.policyId !== null) return [];
  return [
    {
      level: 'warning',
      code: 'catch-all-pages-nobody',
      text: 'Nobody is paged by the catch-all: an incident that no other route takes stays unseen. Choose a policy.',
      from: null,
      to: null,
    },
  ];
}

/** Why this may not be saved: an answer comes through the person who is asked. */
export function swapProblem(draft: DraftOf<'swap'>, before: DraftOf<'swap'> | null): string | null {
  const asked = draft.status === 'asked' || draft.status === 'withdrawn';
  if (asked && draft.answeredAt === null) return null;
  if (before !== null && before.status === draft.status && before.answeredAt === draft.answeredAt) return null;
  return 'A swap is answered by the one who is asked. Save it as asked, or withdraw it.';
}

function backwards(kind: ConfigKind, draft: unknown): Finding[] {
  if (kind !== 'override' && kind !== 'timeOff') return [];
  const { startsAt, endsAt } = draft as { startsAt: string; endsAt: string };
  return endsAt > startsAt ? [] : [error('backwards', 'The end must come after the start.')];
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}
