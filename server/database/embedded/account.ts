// Which account PostgreSQL runs as. It refuses uid 0, so root hands it to a system account without a login.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { StartError } from '#server/start-error.ts';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** null: run as whoever runs this program. */
export function databaseAccount(clusterDir: string): Account | null {
  const own = process.getuid?.();
  if (own === undefined) return null;
  const owner = ownerOf(clusterDir);
  if (own !== 0) {
    if (owner !== null && owner !== own) {
      throw new StartError(
        `The database in ${clusterDir} belongs to ${nameOf(owner)}, and this is ${nameOf(own)}. ` +
          'Start as that account or as root, or choose another folder with TOCSIN_DATA_DIR.',
      );
    }
    requireName();
    return null;
  }
  if (owner !== null && owner !== 0) {
    const known = accounts().find((account) => account.uid === owner);
    if (known !== undefined) return known;
  }
  return systemAccount();
}

function systemAccount(): Account {
  const find = (): Account | undefined =>
    ['tocsin', 'postgres', '_postgres'].flatMap((name) => accounts().filter((account) => account.name === name))[0];
  const existing = find();
  if (existing !== undefined) return existing;
  const tries = [
    [
      'useradd',
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      'tocsin',
    ],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', 'tocsin'],
  ] as const;
  for (const [command, ...args] of tries) {
    spawnSync(command, args, { stdio: 'ignore' });
    const made = find();
    if (made !== undefined) return made;
  }
  throw new StartError(
    'PostgreSQL does not run as root, and the system account "tocsin" for it could not be made. ' +
      'Make one (useradd --system tocsin), or start as a plain user.',
  );
}

/** initdb and peer checks look the account's name up; a bare number in a container has none. */
function requireName(): void {
  try {
    userInfo();
  } catch (error) {
    throw new StartError(
      `PostgreSQL needs an account with a name, and uid ${process.getuid?.()} has none. ` +
        'Add it to /etc/passwd, or name another server with TOCSIN_DATABASE_URL.',
      { cause: error },
    );
  }
}

function accounts(): Account[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

function ownerOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}

function nameOf(uid: number): string {
  return accounts().find((account) => account.uid === uid)?.name ?? `uid ${uid}`;
}
