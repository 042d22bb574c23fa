// A mapping turns what was posted into the names that the generic source reads; from there both go one way.
import type { CompiledMapping, MappingField } from '#server/expressions/mapping.ts';
import { defaultNames } from '#server/modules/ingest/sources/generic.ts';
import type { Split } from '#server/modules/ingest/sources/source.ts';
import { isObject, textOf } from '#server/modules/ingest/text.ts';

type MappedItem = { ok: true; item: Record<string, unknown> } | { ok: false; field: MappingField; reason: string };

export function splitByMapping(mapping: CompiledMapping, body: unknown): Split {
  if (!mapping.has('items')) return { ok: true, items: Array.isArray(body) ? body : [body] };
  const found = mapping.evaluate('items', body);
  if (!found.ok) return { ok: false, reason: `The mapping's items: ${found.reason}` };
  if (!Array.isArray(found.value)) return { ok: false, reason: "The mapping's items gave no list." };
  return { ok: true, items: found.value };
}

export function mapItem(mapping: CompiledMapping, body: unknown): MappedItem {
  const item: Record<string, unknown> = {};
  for (const field of Object.keys(defaultNames) as (keyof typeof defaultNames)[]) {
    if (!mapping.has(field)) {
      // Left empty: read the usual way.
      for (const name of defaultNames[field]) if (isObject(body) && Object.hasOwn(body, name)) item[name] = body[name];
      continue;
    }
    const result = mapping.evaluate(field, body);
    if (!result.ok && (field === 'title' || !result.missing)) return { ok: false, field, reason: result.reason };
    const value = result.ok ? result.value : null;
    if (field === 'labels' || field === 'annotations') {
      if (value !== null && !isObject(value))
        return { ok: false, field, reason: 'It has to give a map of names to texts.' };
      item[field] = value;
    } else if (field === 'status' && typeof value === 'boolean') item['firing'] = value;
    else item[field] = textOf(value);
  }
  return { ok: true, item };
}
