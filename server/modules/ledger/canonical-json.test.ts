import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#server/modules/ledger/canonical-json.ts';

/** The definition, by way of JSON.stringify: what older servers wrote must come out the same for good. */
function defined(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => {
    if (typeof field !== 'object' || field === null || Array.isArray(field)) return field;
    if ('$document' in field && typeof field.$document === 'string' && 'draft' in field) {
      return { $document: field.$document };
    }
    const sorted = Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, inner]));
  });
}

test('every value is written as by JSON.stringify with sorted keys', () => {
  const key = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.nat().map(String),
    fc.constantFrom('$a', '10', '9', '__proto__', '4294967295'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (given) => {
      expect(canonicalJson(given)).toBe(defined(given));
    }),
    { numRuns: 500 },
  );
});

test('many keys are in order as well, whole numbers first', () => {
  const keys = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? String((n * 37) % 61) : `key ${(n * 37) % 61}`));
  const given = Object.fromEntries(keys.map((key) => [key, key]));
  expect(canonicalJson(given)).toBe(defined(given));
});

test('a document is written as its reference', () => {
  const policy = { $document: 'policy/1@3', draft: { name: 'Web' } };
  expect(canonicalJson({ policy, at: 1 })).toBe('{"at":1,"policy":{"$document":"policy/1@3"}}');
});
