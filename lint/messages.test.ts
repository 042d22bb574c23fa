// The catalogue that translators work from says what the client says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script
import { catalogueOf, messagesIn, sourcesOfClient } from '../scripts/messages.mjs';

const path = join(import.meta.dirname, '../src-renderer/language/messages/en.json');

it('en.json is what the source has; npm run messages writes it', () => {
  const has = new Set(Object.keys(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>));
  const wants = new Set(Object.keys(JSON.parse(catalogueOf(sourcesOfClient())) as Record<string, string>));
  expect({ missing: [...wants].filter((id) => !has.has(id)), left: [...has].filter((id) => !wants.has(id)) }).toEqual({
    missing: [],
    left: [],
  });
});

it('reads sentences, gaps and forms out of the source', () => {
  const code =
    'const a = t`One ${b} {x}`; const c = <p>{rich`${plural(n, { one: "1 row", other: "# rows" })} of ${<b />}`}</p>;';
  expect([...messagesIn([['a.tsx', code]]).keys()]).toEqual([
    "One {0} '{'x'}'",
    '{0, plural, one {1 row} other {# rows}} of {1}',
  ]);
});
