import { expect, it } from 'vitest';
import { GenericMapping } from '#server/contract/integration.ts';
import { exampleMapping, exampleSample, mappingFields, parseSample } from './mapping-draft.ts';

it('offers a field for everything a mapping has, and an example that the contract takes', () => {
  expect(mappingFields.map((field) => field.name).toSorted()).toEqual(Object.keys(GenericMapping.shape).toSorted());
  expect(GenericMapping.safeParse(exampleMapping).success).toBe(true);
});

it('says what is wrong with a sample before it is sent', () => {
  expect(parseSample(exampleSample)).toMatchObject({ ok: true });
  expect(parseSample('  ')).toMatchObject({ ok: false });
  expect(parseSample('{"a":')).toMatchObject({ ok: false });
});
