import { describe, expect, it } from 'vitest';
import type { ConfigFileInput } from '#server/modules/config/as-code/format.ts';
import type { PersonInput } from '#server/modules/importers/draft.ts';
import { keepMethods } from '#server/modules/importers/keep-methods.ts';

type Methods = NonNullable<PersonInput['methods']>;
const sms = (n: number): Methods[number] => ({ kind: 'sms', address: `+4915${n}` });
const list = (from: number, count: number) => Array.from({ length: count }, (_, n) => sms(from + n));
function keep(imported: Methods | undefined, before: Methods) {
  const file = { people: { cleo: imported === undefined ? {} : { methods: imported } } } as ConfigFileInput;
  const notes = keepMethods(file, { cleo: { methods: before } });
  return { methods: file.people!['cleo']!.methods, notes };
}

describe('contact methods that an export does not have', () => {
  it('stay behind those of the export, each with its note; one that both have is there once', () => {
    const { methods, notes } = keep([sms(1), sms(2)], [sms(2), { ...sms(3), label: 'old' }]);
    expect(methods).toEqual([sms(1), sms(2), { ...sms(3), label: 'old' }]);
    expect(notes).toEqual([
      {
        what: 'sms +49153 of cleo',
        why: expect.stringContaining('It stays'),
        suggestion: expect.stringContaining('Add it to the rules'),
      },
    ]);
  });

  it('stay while there is room for them, up to twenty', () => {
    const { methods, notes } = keep(list(100, 18), list(200, 2));
    expect(methods).toHaveLength(20);
    expect(notes.map((note) => note.why.includes('It stays'))).toEqual([true, true]);
  });

  it('beyond twenty go, the last of them first, and each is named', () => {
    const { methods, notes } = keep(list(100, 18), list(200, 4));
    expect(methods).toEqual([...list(100, 18), ...list(200, 2)]);
    expect(notes.map(({ what, why }) => [what, why.includes('it goes')])).toEqual([
      ['sms +4915200 of cleo', false],
      ['sms +4915201 of cleo', false],
      ['sms +4915202 of cleo', true],
      ['sms +4915203 of cleo', true],
    ]);
  });

  it('of an export that is full, or too full for a profile, nothing is added to it', () => {
    for (const count of [20, 21]) {
      const { methods, notes } = keep(list(100, count), list(200, 1));
      expect(methods).toEqual(list(100, count));
      expect(notes).toEqual([expect.objectContaining({ why: expect.stringContaining('can have 20: it goes') })]);
    }
  });

  it('stay both where a person has the same twice; of what the export has, one goes and is named', () => {
    const twice = (n: number): Methods => [
      { ...sms(n), channel: 'Twilio' },
      { ...sms(n), channel: 'Backup' },
    ];
    const { methods, notes } = keep([sms(1)], [...twice(1), ...twice(2)]);
    expect(methods).toEqual([sms(1), ...twice(2)]);
    expect(notes.map(({ what, why }) => [what, why.includes('goes')])).toEqual([
      ['sms +49151 of cleo', true],
      ['sms +49152 of cleo', false],
      ['sms +49152 of cleo', false],
    ]);
  });

  it('are not touched where the export says nothing about methods, or the person is new', () => {
    expect(keep(undefined, [sms(1)])).toEqual({ methods: undefined, notes: [] });
    const file = { people: { new: { methods: [sms(1)] }, constructor: { methods: [sms(2)] } } } as ConfigFileInput;
    expect(keepMethods(file, {})).toEqual([]);
    expect(keepMethods({}, { cleo: { methods: [sms(1)] } })).toEqual([]);
  });
});
