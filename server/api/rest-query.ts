import { z } from 'zod';

/**
 * A query string only knows text. Gives each value the type that the procedure's input asks for; what does not convert
 * stays text, so that the input's own check names it.
 */
export function fromQuery(input: unknown, query: Record<string, unknown>): Record<string, unknown> {
  const shape: Record<string, unknown> = input instanceof z.ZodObject ? input.shape : {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const type = Object.hasOwn(shape, name) ? unwrap(shape[name]) : null;
      return [name, convert(type, value)];
    }),
  );
}

function convert(type: unknown, value: unknown): unknown {
  if (type instanceof z.ZodArray) {
    const element = unwrap(type.element);
    return (Array.isArray(value) ? value : [value]).map((item) => convert(element, item));
  }
  if (typeof value !== 'string') return value;
  if (type instanceof z.ZodNumber) return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  if (type instanceof z.ZodBoolean) return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

function unwrap(type: unknown): unknown {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    return unwrap(type.unwrap());
  return type;
}
