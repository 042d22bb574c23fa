import { expect, it } from 'vitest';
import { activeCommands, type Command } from './commands.ts';

const run = () => undefined;
const layer = (key: number, level: 'everywhere' | 'screen', ...commands: Partial<Command>[]) => ({
  key,
  level,
  commands: commands.map((command) => ({ id: 'x', label: '', run, ...command })),
});
const keys = (layers: ReturnType<typeof layer>[], keymap = {}) =>
  Object.fromEntries(activeCommands(layers, keymap).map((command) => [command.id, command.keys]));

it('a command has its own keys, else the catalogue\u2019s, else none; the person\u2019s choice before all', () => {
  const layers = [layer(1, 'screen', { id: 'acknowledge' }, { id: 'mine', keys: 'q' }, { id: 'plain' })];
  expect(keys(layers)).toEqual({ acknowledge: 'a', mine: 'q', plain: null });
  expect(keys(layers, { acknowledge: 'w', mine: null })).toEqual({ acknowledge: 'w', mine: null, plain: null });
});

it('of several with the same keys the screen\u2019s last one has them; the others stay, without', () => {
  const layers = [
    layer(1, 'screen', { id: 'a1', keys: 'q' }),
    layer(2, 'screen', { id: 'a2', keys: 'q' }),
    // Registered last, for the frame stands around the screen; it gives way all the same.
    layer(3, 'everywhere', { id: 'a3', keys: 'q' }),
  ];
  expect(keys(layers)).toEqual({ a1: null, a2: 'q', a3: null });
});

it('the same command registered twice is one, the later', () => {
  const layers = [layer(1, 'screen', { id: 'save', label: 'old' }), layer(2, 'screen', { id: 'save', label: 'new' })];
  expect(activeCommands(layers, {}).map(({ label }) => label)).toEqual(['new']);
});
