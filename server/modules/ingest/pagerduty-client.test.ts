// A real PagerDuty client with nothing but its base address changed. Opt-in (TOCSIN_TEST_CLIENTS=1), because it installs
// a Python package into a cache folder outside the tree.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { normaliseRecord } from '#server/modules/ingest/sources/registry.ts';
import { startIngestServer } from '#server/testkit/ingest-server.ts';

const run = promisify(execFile);
const wanted = process.env['TOCSIN_TEST_CLIENTS'] === '1';
const python = wanted ? await install() : null;
if (python === null) {
  const why = wanted ? 'pdpyras could not be installed' : 'set TOCSIN_TEST_CLIENTS=1 to run it';
  console.warn(`SKIPPED: a real PagerDuty client against Events v2: ${why}.`);
}

const script = `
import sys, json, warnings
warnings.simplefilter('ignore')
import pdpyras
events = pdpyras.EventsAPISession('key-events-v2'); events.url = sys.argv[1]
changes = pdpyras.ChangeEventsAPISession('key-events-v2'); changes.url = sys.argv[1]
stranger = pdpyras.EventsAPISession('unknown'); stranger.url = sys.argv[1]
key = events.trigger('Disk is full', 'db-1', severity='error', custom_details={'service': 'orders'})
answers = [key == events.acknowledge(key), key == events.resolve(key), events.trigger('Again', 'db-1', dedup_key='mine')]
changes.submit('Deployed 4.18.0', source='ci', custom_details={'service': 'orders'})
refused = []
for session, severity in ((stranger, 'error'), (events, 'nonsense')):
    try: session.trigger('x', 'y', severity=severity)
    except pdpyras.PDClientError as error: refused.append(error.response.status_code)
print(json.dumps([answers, refused]))
`;

describe('a real PagerDuty client', () => {
  it.skipIf(python === null)(
    'triggers, acknowledges, resolves and sends changes [runs with TOCSIN_TEST_CLIENTS=1]',
    { timeout: 30_000 },
    async () => {
      const server = await startIngestServer();
      const { stdout } = await run(python ?? '', ['-c', script, server.url], { timeout: 20_000 });
      expect(JSON.parse(stdout)).toEqual([
        [true, true, 'mine'],
        [401, 400],
      ]);
      const signals = server.records.map(normaliseRecord).map((read) => read.ok && read.signal);
      expect(signals).toMatchObject([
        { action: 'fire', title: 'Disk is full', severity: 'sev2', service: 'orders' },
        { action: 'acknowledge' },
        { action: 'resolve' },
        { action: 'fire', title: 'Again', dedupKey: 'mine' },
        { kind: 'change', title: 'Deployed 4.18.0', service: 'orders' },
      ]);
      await server.close();
    },
  );
});

async function install(): Promise<string | null> {
  const folder = join(tmpdir(), 'tocsin-test-clients');
  const interpreter = join(folder, 'bin', 'python');
  try {
    if (!existsSync(interpreter)) await run('python3', ['-m', 'venv', folder], { timeout: 60_000 });
    await run(interpreter, ['-m', 'pip', 'install', '--quiet', 'pdpyras==5.4.1'], { timeout: 120_000 });
    return interpreter;
  } catch {
    return null;
  }
}
