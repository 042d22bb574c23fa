import { stringify } from 'yaml';
import { sameJson } from '#server/modules/config/same-json.ts';

export interface FieldDiff {
  path: string;
  before: string | null;
  after: string | null;
}

/** Paths at which two values differ, each with both sides as YAML; null is "not there". Lists are compared by place. */
export function fieldDiffs(before: unknown, after: unknown, path = ''): FieldDiff[] {
  if (before === after || (before !== undefined && after !== undefined && sameJson(before, after))) return [];
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => fieldDiffs(before[name], after[name], path === '' ? name : `${path}.${name}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isMap)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => fieldDiffs(before[i], after[i], `${path}[${i}]`)).flat();
  }
  return [{ path, before: asYaml(before), after: asYaml(after) }];
}

export function asYaml(value: unknown): string | null {
  return value === undefined ? null : stringify(value, { lineWidth: 120, aliasDuplicateObjects: false }).trimEnd();
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
