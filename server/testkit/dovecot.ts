// A real IMAP server (Debian's Dovecot) with a folder of its own, for tests that read a mailbox.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mailTestCertificate, mailTestKey } from '#server/testkit/mail-certificate.ts';

export interface Dovecot {
  port: number;
  tlsPort: number;
  password: string;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

const binary = process.env['TOCSIN_TEST_DOVECOT'] ?? '/usr/sbin/dovecot';

/** Why there is no IMAP server here, for the skip of its tests; null where there is one. */
export function whyNoDovecot(): string | null {
  if (process.getuid?.() !== 0) return 'Dovecot has to be started by root';
  if (existsSync(binary)) return null;
  return (
    process.env['TOCSIN_TEST_MISSING_DOVECOT'] ?? `no ${binary}: npm test installs it, or apt-get install dovecot-imapd`
  );
}

/** The account of nobody: Dovecot refuses to keep root's mail. */
const uid = 65_534;

export async function startDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-dovecot-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'mail'));
  chownSync(join(folder, 'mail'), uid, uid);
  const [port, tlsPort] = await freePorts(2);
  const password = 'imap-secret';
  writeFileSync(join(folder, 'cert.pem'), mailTestCertificate);
  writeFileSync(join(folder, 'key.pem'), mailTestKey, { mode: 0o600 });
  const config = join(folder, 'dovecot.conf');
  writeFileSync(
    config,
    `protocols = imap
listen = ${loopbacks().join(', ')}
base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = ${folder}/log
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${uid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
`,
  );
  const child = spawn(binary, ['-F', '-c', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const end = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries += 1) {
    if (await answers(tlsPort ?? 0)) return { port: port ?? 0, tlsPort: tlsPort ?? 0, password, end };
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
  await end();
  throw new Error(`Dovecot did not start: ${log.slice(-1_000)}`);
}

/** Those that the name localhost may lead to. */
function loopbacks(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ['127.0.0.1', ...(all.some(({ address }) => address === '::1') ? ['::1'] : [])];
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
