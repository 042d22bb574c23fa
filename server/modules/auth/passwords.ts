import { timingSafeEqual } from 'node:crypto';
import { AppError } from '#server/api/app-error.ts';
import { argon2id, type Cost } from '#server/modules/auth/argon2id.ts';
import type { Random } from '#server/ports/random.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes the same time whether `stored` is a hash or null, for an unknown user or one without a password. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

/** OWASP's second recommended setting for Argon2id: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagLength = 32;
/** Each takes 19 MiB and a thread for some 30 ms; more at once would starve file and name look-ups. */
const atOnceMax = 2;
const waitingMax = 40;

export function createPasswords(deps: { random: Pick<Random, 'bytes'> }): Passwords {
  const turns = createTurns();
  const dummy = format(deps.random.bytes(16), deps.random.bytes(tagLength));

  return {
    async hash(password) {
      const salt = deps.random.bytes(16);
      return format(salt, await turns.take(() => derive(password, salt, cost, tagLength)));
    },
    async verify(stored, password) {
      const { salt, tag, params } = parse(stored ?? dummy);
      const found = await turns.take(() => derive(password, salt, params, tag.length));
      return timingSafeEqual(found, tag) && stored !== null;
    },
  };
}

/** The same letters typed on another system can be other code points; NFKC makes them one password. */
function derive(password: string, salt: Uint8Array, params: Cost, length: number): Promise<Uint8Array> {
  return argon2id(password.normalize('NFKC'), salt, params, length);
}

/** PHC string: https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
function format(salt: Uint8Array, tag: Uint8Array): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`;
}

function parse(text: string): { salt: Buffer; tag: Buffer; params: Cost } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  if (match === null) throw new Error('a stored password is not an Argon2id hash');
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  return {
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    params: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

function createTurns(): { take<T>(work: () => Promise<T>): Promise<T> } {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async take(work) {
      if (running >= atOnceMax) {
        if (waiting.length >= waitingMax) {
          throw new AppError('overloaded', 'Too many people are signing in at once. Try again in a few seconds.', {
            retryAfterSeconds: 5,
          });
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else running += 1;
      try {
        return await work();
      } finally {
        // The place goes straight to who waits longest, so nobody slips in between.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
