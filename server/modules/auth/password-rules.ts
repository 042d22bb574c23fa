import { readFileSync } from 'node:fs';
import { Password } from '#server/contract/people.ts';

/** Why a password cannot be taken, or null. `common` holds lower-case words. */
export function refusePassword(password: string, login: string, common: ReadonlySet<string>): string | null {
  if (Array.from(password).length < 8) return 'A password needs at least 8 characters.';
  if (!Password.safeParse(password).success) return 'A password may have at most 256 characters.';
  const lower = password.normalize('NFKC').toLowerCase();
  if (lower === login.toLowerCase()) return 'The password is the login name. Choose another.';
  // With digits or signs behind it, it is tried just as soon.
  if (common.has(lower) || common.has(lower.replace(/[\d\W_]+$/, '')))
    return 'This password is among the ones that are tried first. Choose another.';
  if (new Set(lower).size === 1) return 'The password is one character repeated. Choose another.';
  return null;
}

/** One a line; lines that begin with # say where the list comes from. */
export function readCommonPasswords(file: string | URL): ReadonlySet<string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Set(lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')));
}
