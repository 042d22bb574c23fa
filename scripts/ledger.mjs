// npm run ledger -- replay [--incident N | --since DAYS]: recomputes recorded decisions and compares them bit for bit.
import { parseArgs } from 'node:util';

const usage = `usage: npm run ledger -- replay [--incident N | --since DAYS]
  TOCSIN_SERVER  address of the center; http://127.0.0.1:7300 unless set (or --server)
  TOCSIN_TOKEN  an API key of a manager (or --token)`;

const { positionals, values } = readArguments();
if (positionals[0] !== 'replay') fail(usage);
const url = (values.server ?? process.env.TOCSIN_SERVER ?? 'http://127.0.0.1:7300').replace(/\/+$/, '');
const key = values.token ?? process.env.TOCSIN_TOKEN;
if (key === undefined || key === '') fail(`No API key was given.\n${usage}`);

const query = new URLSearchParams();
if (values.incident !== undefined) query.set('incidentNumber', values.incident.replace(/^INC-/i, ''));
else query.set('days', values.since ?? '1');

const report = await ask(`${url}/api/v1/ledger/replay?${query}`);
console.log(
  `${report.entries} entries: ${report.same} decisions the same, ${report.different.length} different, ` +
    `${report.observations} observations taken as they were; ${report.documents} documents loaded as they were then.`,
);
for (const { sequence, kind, expected, got } of report.different) {
  console.log(`\nentry ${sequence}, ${kind}\n  recorded ${expected}\n  now      ${got}`);
}
for (const { reference, sequences } of report.missing) {
  console.log(`\nnothing is stored for ${reference}; not replayed: ${sequences.join(', ')}`);
}
if (report.truncated) console.log('\nThere is more than one run takes: name a shorter time or one incident.');
process.exitCode = report.different.length === 0 && report.missing.length === 0 ? 0 : 1;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        incident: { type: 'string' },
        since: { type: 'string' },
        server: { type: 'string' },
        token: { type: 'string' },
      },
    });
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

async function ask(address) {
  let answer;
  try {
    answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  } catch (error) {
    return fail(`${url} does not answer (${error.cause?.code ?? error.message}). Is the center running there?`);
  }
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  let message = text.slice(0, 500);
  try {
    message = JSON.parse(text).error.message;
  } catch {
    // Not an answer of ours; its text is all there is.
  }
  return fail(`${answer.status}: ${message}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
