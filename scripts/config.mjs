// npm run config -- plan|apply|export|drift [FILE…] --server URL   (TOCSIN_TOKEN: an API key of a manager)
import { readFileSync, writeFileSync } from 'node:fs';

const usage = `Usage:
  npm run config -- plan FILE… [--prune] --server URL     what would change; exit code 2 when something would
  npm run config -- apply FILE… [--prune] [--basis B] --server URL
  npm run config -- export [FILE] --server URL
  npm run config -- drift --server URL                     exit code 2 when something drifted
  npm run config -- catalog plan|apply FILE… [--prune] [--basis B] --server URL     catalog.yaml, or Backstage's files
  npm run config -- catalog export [FILE] --server URL
  npm run config -- rekey --server URL                     seal all secrets with the first master key (key of an admin)
The API key comes from TOCSIN_TOKEN, the server from TOCSIN_SERVER when --server is left out.
Secrets that a file names as {env: NAME} are read from the environment of this command and sent beside it.`;

const colours = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code, text) => (colours ? `\u001B[${code}m${text}\u001B[0m` : text);
const [green, red, yellow, grey] = [32, 31, 33, 90].map((code) => (text) => paint(code, text));

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(red(error.message));
  return 1;
});

async function main(args) {
  const options = { server: process.env.TOCSIN_SERVER, prune: false, basis: null, files: [] };
  const ofCatalog = args[0] === 'catalog';
  const [command, ...rest] = ofCatalog ? args.slice(1) : args;
  const place = ofCatalog ? '/services/catalog' : '/config';
  for (let i = 0; i < rest.length; i += 1) {
    const arg = rest[i];
    if (arg === '--prune') options.prune = true;
    else if (arg === '--server' || arg === '--basis') options[arg.slice(2)] = rest[(i += 1)];
    else if (arg.startsWith('--')) throw new Error(`${arg} is no option.\n${usage}`);
    else options.files.push(arg);
  }
  const commands = ofCatalog ? ['plan', 'apply', 'export'] : ['plan', 'apply', 'export', 'drift', 'rekey'];
  if (!commands.includes(command)) throw new Error(usage);
  if (!options.server) throw new Error('Say where the server is: --server https://tocsin.example.org');
  if (!process.env.TOCSIN_TOKEN) throw new Error('Set TOCSIN_TOKEN to an API key of a manager (Settings › API keys).');

  if (command === 'export') {
    const text = await call(options, 'GET', ofCatalog ? '/services/catalog.yaml' : '/config/export');
    if (options.files[0] === undefined) process.stdout.write(text);
    else writeFileSync(options.files[0], text);
    return 0;
  }
  if (command === 'drift') {
    const drift = JSON.parse(await call(options, 'GET', '/config/drift'));
    if (drift.at === null) console.log('Nothing was applied yet.');
    return show(drift, `Since the apply of ${drift.at}:`);
  }
  if (command === 'rekey') {
    const { resealed } = JSON.parse(await call(options, 'POST', '/config/rekey', {}));
    console.log(
      `${resealed} ${resealed === 1 ? 'secret was' : 'secrets were'} sealed anew; all are sealed with the first key.`,
    );
    return 0;
  }
  if (options.files.length === 0) throw new Error(`Name a file.\n${usage}`);
  // Several files count as one with several documents.
  const yaml = options.files.map((file) => readFileSync(file, 'utf8')).join('\n---\n');
  const body = { yaml, prune: options.prune, ...(ofCatalog ? {} : { secrets: secretsIn(yaml) }) };
  if (command === 'plan') {
    const plan = JSON.parse(await call(options, 'POST', `${place}/plan`, body));
    const code = show(plan, 'This would change:');
    if (code === 2) console.log(grey(`To apply exactly this: --basis ${plan.basis}`));
    return code;
  }
  const done = JSON.parse(await call(options, 'POST', `${place}/apply`, { ...body, basis: options.basis }));
  show(done, 'Applied:');
  return 0;
}

async function call({ server }, method, path, body) {
  const answer = await fetch(new URL(`/api/v1${path}`, server), {
    method,
    headers: { authorization: `Bearer ${process.env.TOCSIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error) => {
    throw new Error(`The server at ${server} cannot be reached: ${error.cause?.message ?? error.message}`);
  });
  const text = await answer.text();
  if (answer.ok) return text;
  let message = text;
  try {
    const parsed = JSON.parse(text);
    message = parsed.error?.message ?? parsed.message ?? text;
  } catch {
    // Not JSON: what came is what there is to say.
  }
  throw new Error(`${answer.status}: ${String(message).slice(0, 2_000)}`);
}

/** Only names that the file asks for leave this machine. */
function secretsIn(yaml) {
  const names = [...yaml.matchAll(/\benv:\s*["']?([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1]);
  return Object.fromEntries(
    names.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]),
  );
}

function show({ changes, errors, unmapped = [] }, heading) {
  for (const { path, reason } of errors) console.error(red(`✗ ${path}: ${reason}`));
  for (const { what, why } of unmapped) console.error(yellow(`! ${what}: ${why}`));
  const changed = changes.filter((change) => change.op !== 'unchanged');
  if (changed.length > 0) console.log(heading);
  for (const { op, kind, name, fields, findings } of changed) {
    const mark = { create: green('+'), update: yellow('~'), delete: red('-') }[op];
    console.log(`${mark} ${kind} ${name}`);
    for (const { path, before, after } of op === 'update' ? fields : []) {
      console.log(`    ${path}`);
      if (before !== null) console.log(red(indent(before, '      - ')));
      if (after !== null) console.log(green(indent(after, '      + ')));
    }
    for (const finding of findings) console.log(yellow(`    ! ${finding.text}`));
  }
  const count = (op) => changed.filter((change) => change.op === op).length;
  console.log(`${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete.`);
  if (errors.length > 0) return 1;
  return changed.length > 0 ? 2 : 0;
}

function indent(text, prefix) {
  return text
    .split('\n')
    .map((line) => prefix + line)
    .join('\n');
}
