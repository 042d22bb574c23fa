import { expect, it } from 'vitest';
import { keepRunbooks, readRunbook } from './kept-runbooks.ts';

function setUp() {
  const held = new Map<string, string>();
  const net = { up: true, asked: [] as string[] };
  const store = {
    readDraft: async (key: string) => held.get(key) ?? null,
    writeDraft: async (key: string, text: string | null) =>
      void (text === null ? held.delete(key) : held.set(key, text)),
  };
  const keep = (...pinned: [id: string, version: number][]) =>
    keepRunbooks(
      pinned.map(([id, version]) => ({ id, name: `service ${id}`, version, hasRunbook: true })),
      {
        store,
        wanted: () => true,
        async fetch(name) {
          if (!net.up) throw new Error('no network');
          net.asked.push(name);
          return `how to mend ${name}`;
        },
      },
    );
  return { held, net, store, keep };
}

it('takes what is pinned once, again when it changed, and forgets what is not pinned any more', async () => {
  const { held, net, store, keep } = setUp();
  await keep(['a', 1], ['b', 1]);
  await keep(['a', 1], ['b', 1]);
  expect(net.asked).toEqual(['service a', 'service b']);
  await keep(['a', 2]);
  expect(net.asked).toEqual(['service a', 'service b', 'service a']);
  expect(await readRunbook(store, 'a')).toEqual({ version: 2, text: 'how to mend service a' });
  expect(await readRunbook(store, 'b')).toBeNull();
  await keep();
  expect([...held.keys()]).toEqual(['runbooks']);
});

it('without a network what is there stays, and a damaged one is taken anew', async () => {
  const { held, net, store, keep } = setUp();
  await keep(['a', 1]);
  net.up = false;
  await expect(keep(['a', 2], ['b', 1])).rejects.toThrow('no network');
  expect(await readRunbook(store, 'a')).toMatchObject({ version: 1 });
  net.up = true;
  held.set('runbook:a', '{"version":');
  expect(await readRunbook(store, 'a')).toBeNull();
  await keep(['a', 2], ['b', 1]);
  expect(await readRunbook(store, 'a')).toMatchObject({ version: 2 });
  expect(await readRunbook(store, 'b')).toMatchObject({ version: 1 });
});
