// Documents that this version cannot read: no list has them, so they are looked at as text, and deleted by what is known.
import type { ConfigKind } from '#server/contract/config.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigChangeDeps } from '#server/modules/config/changes.ts';
import type { AfterSave, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { configStore } from '#server/modules/config/store.ts';

/** Their hooks ask for the id alone; of the others nothing counted while they could not be read. */
const cleanedUpById: ReadonlySet<ConfigKind> = new Set(['schedule', 'monitor']);

/** Under the lock. Answers why it has to stay, or null when it is gone. */
export async function deleteUnreadable(
  tx: Tx,
  at: string,
  by: string,
  deps: Pick<ConfigChangeDeps, 'afterSave' | 'heldBy' | 'sealSecrets'>,
  given: { kind: ConfigKind; id: string; config: PagingConfig },
): Promise<string | null> {
  const { kind, id, config } = given;
  const held = deps.heldBy?.(kind, id) ?? null;
  if (held !== null) return held;
  const row = await configStore.row(tx, kind, id);
  if (row === null) return null;
  await configStore.write(tx, at, { remove: [{ kind, id, origin: 'ui', by }] });
  const { secretNames = [] } = row.document.state as { secretNames?: string[] };
  if (kind === 'channel' && secretNames.length > 0)
    await deps.sealSecrets(tx, kind, id, Object.fromEntries(secretNames.map((name) => [name, null])));
  const hook = deps.afterSave[kind] as AfterSave<ConfigKind> | undefined;
  const before = row.document as StoredDocument;
  if (cleanedUpById.has(kind)) await hook?.(tx, at, { before, after: null, config });
  return null;
}

const hidden = '(hidden)';
const secretName = /secret|token|password|passphrase|credential|authorization|cookie|key$/i;

/** As it is stored, for somebody who has to see what is in it: without anything that may be a secret. */
export function withoutSecrets(value: unknown, isSecret = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, isSecret));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, isSecret || secretName.test(name))]),
    );
  if (value === null || typeof value === 'boolean') return value;
  if (isSecret) return hidden;
  return typeof value === 'string' ? withoutCredentials(value) : value;
}

/** What stands before the host of an address, and behind its question mark. */
function withoutCredentials(text: string): string {
  return text.replace(/(\w+:\/\/)[^/\s@]+@/g, `$1${hidden}@`).replace(/(\w+:\/\/[^\s?]+\?)\S+/g, `$1${hidden}`);
}
