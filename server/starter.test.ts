import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { createStarter } from './starter.ts';

it('talks to whoever forked it in Electron, and stops when asked', () => {
  const port = new EventEmitter();
  const told: unknown[] = [];
  let stopped = 0;
  const starter = createStarter({
    on: new EventEmitter().on as NodeJS.Process['on'],
    send: () => expect.fail('there is no such channel'),
    parentPort: {
      postMessage: (message) => void told.push(message),
      on: (name, listener) => void port.on(name, listener),
    },
  });
  starter.onEnd(() => (stopped += 1));
  starter.tell({ kind: 'ready', url: 'http://127.0.0.1:7300' });
  for (const data of ['stop', null, { kind: 'other' }]) port.emit('message', { data });
  expect(stopped).toBe(0);
  port.emit('message', { data: { kind: 'stop' } });
  expect({ told, stopped }).toEqual({ told: [{ kind: 'ready', url: 'http://127.0.0.1:7300' }], stopped: 1 });
});
