import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const asked: { url: string | undefined; authorization: string | undefined }[] = [];
const well = { entries: 7, same: 5, observations: 2, documents: 3, different: [], missing: [], truncated: false };
let answer: { status: number; body: unknown } = { status: 200, body: well };
const server = createServer((request, reply) => {
  asked.push({ url: request.url, authorization: request.headers.authorization });
  reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => server.close());

function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; text: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'ledger.mjs'), ...args], {
      env: { PATH: process.env['PATH'], TOCSIN_SERVER: url, TOCSIN_TOKEN: 'tsk_x', ...env },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
    child.on('close', (code) => done({ code, text }));
  });
}

it('asks for one incident or some days, and ends with 0 while all is the same', async () => {
  const { code, text } = await run(['replay', '--incident', 'INC-2041']);
  expect([code, text]).toEqual([0, expect.stringContaining('5 decisions the same, 0 different')]);
  await run(['replay', '--since', '30']);
  expect(asked.slice(-2)).toEqual([
    { url: '/api/v1/ledger/replay?incidentNumber=2041', authorization: 'Bearer tsk_x' },
    { url: '/api/v1/ledger/replay?days=30', authorization: 'Bearer tsk_x' },
  ]);
});

it('ends with 1 and both texts when something is decided otherwise, or cannot be replayed', async () => {
  const different = [{ sequence: 9, kind: 'step', expected: '{"a":1}', got: '{"a":2}' }];
  answer = { status: 200, body: { ...well, different, missing: [{ reference: 'policy/x@3', sequences: [4] }] } };
  const { code, text } = await run(['replay']);
  expect(code).toBe(1);
  for (const part of ['entry 9, step', '{"a":1}', '{"a":2}', 'policy/x@3']) expect(text).toContain(part);
});

it('ends with 2 and says why when it is refused, or called wrongly', async () => {
  answer = { status: 403, body: { error: { code: 'forbidden', message: 'This needs the role manager.' } } };
  expect(await run(['replay'])).toEqual({ code: 2, text: '403: This needs the role manager.\n' });
  expect((await run(['replay'], { TOCSIN_TOKEN: '' })).text).toContain('No API key was given');
  expect((await run(['replay'], { TOCSIN_SERVER: 'http://127.0.0.1:9' })).text).toContain('does not answer');
  expect((await run(['nonsense'])).text).toContain('usage:');
});
