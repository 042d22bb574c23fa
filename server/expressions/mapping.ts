// Expressions that make an alert of any JSON: compiled together, so that a form can show each field's error beside it.
import { Optional } from '@marcbachmann/cel-js';
import type { GenericMapping } from '#server/contract/integration.ts';
import { type BodyExpression, compileBodyExpression } from '#server/expressions/cel.ts';

export type MappingField = keyof GenericMapping;
export interface FieldError {
  field: MappingField;
  reason: string;
  position?: number;
}

type MappedValue = { ok: true; value: unknown } | { ok: false; missing: boolean; reason: string };

export interface CompiledMapping {
  /** Whether the field has an expression; without one the default reading applies. */
  has(field: MappingField): boolean;
  /** Null for an empty expression and for an empty optional. Numbers, texts, lists and maps come as plain JSON. */
  evaluate(field: MappingField, body: unknown): MappedValue;
}

export type Mapping = { ok: true; mapping: CompiledMapping } | { ok: false; errors: FieldError[] };

/** The longest list in one item that expressions are let see; the accepting side refuses longer ones. */
export const longestItemList = 10_000;
/** A body of 512 KiB holds no longer one. */
const longestBodyList = 262_144;

export function compileMapping(source: GenericMapping): Mapping {
  const errors: FieldError[] = [];
  const compiled = new Map<MappingField, Extract<BodyExpression, { ok: true }>>();
  for (const field of Object.keys(source) as MappingField[]) {
    const text = source[field].trim();
    if (text === '') continue;
    const expression = compileBodyExpression(text, field === 'items' ? longestBodyList : longestItemList);
    if (expression.ok) compiled.set(field, expression);
    else {
      const { reason, position } = expression;
      errors.push({ field, reason, ...(position === undefined ? {} : { position }) });
    }
  }
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    mapping: {
      has: (field) => compiled.has(field),
      evaluate(field, body) {
        const result = compiled.get(field)?.evaluate(body);
        if (result === undefined) return { ok: true, value: null };
        return result.ok ? { ok: true, value: plain(result.value) } : result;
      },
    },
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Optional) return value.hasValue() ? plain(value.value()) : null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [String(key), plain(entry)]));
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value === undefined ? null : value;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Types of the expression language that JSON has no word for, durations among them, know how to write themselves.
  if (prototype !== Object.prototype && prototype !== null) return (value as { toString(): string }).toString();
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
