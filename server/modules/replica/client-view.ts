import { type ClientHello, fieldName, firstRelease, type OpenField, openFields } from '#server/contract/client.ts';
import type { Change, EntityName } from '#server/contract/replica.ts';

export interface ClientView {
  reads(entity: EntityName): boolean;
  /** The change in words that this client knows; null for what it must not be sent. */
  fit(change: Change): Change | null;
}

/** What one client is sent of the feed: nothing that it would choke on. Places in the feed stay as they are. */
export function createClientView(hello: ClientHello | undefined): ClientView {
  const known: Pick<ClientHello, 'values'> & { entities: readonly string[] } = hello ?? {
    entities: firstRelease.entities,
    values: Object.fromEntries(Object.entries(firstRelease.values).map(([name, values]) => [name, [...values]])),
  };
  const entities = new Set(known.entities);
  const fields = openFields.map((field) => ({ field, values: new Set(known.values[fieldName(field)] ?? []) }));
  return {
    reads: (entity) => entities.has(entity),
    fit(change) {
      if (!entities.has(change.entity)) return null;
      if (change.op === 'delete') return change;
      let { body } = change;
      for (const { field, values } of fields) {
        if (field.entity !== change.entity) continue;
        const fitted = replaceIn(body, field.path, field, values);
        if (fitted === null) return { op: 'delete', entity: change.entity, id: change.id, version: change.version };
        body = fitted.value;
      }
      return body === change.body ? change : { ...change, body };
    },
  };
}

/** Null when the row cannot be said to this client. The row that came in is left as it is: others are sent it too. */
function replaceIn(
  value: unknown,
  path: readonly string[],
  field: OpenField,
  known: ReadonlySet<string>,
): { value: unknown } | null {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (typeof value !== 'string' || known.has(value)) return { value };
    return field.standIn === null ? null : { value: field.standIn };
  }
  if (step === '*') {
    if (!Array.isArray(value)) return { value };
    const parts = value.map((part: unknown) => replaceIn(part, rest, field, known));
    if (parts.includes(null)) return null;
    const changed = parts.some((part, index) => part?.value !== value[index]);
    return { value: changed ? parts.map((part) => part?.value) : value };
  }
  if (typeof value !== 'object' || value === null || !(step in value)) return { value };
  const before = (value as Record<string, unknown>)[step];
  const after = replaceIn(before, rest, field, known);
  if (after === null) return null;
  return { value: after.value === before ? value : { ...value, [step]: after.value } };
}
