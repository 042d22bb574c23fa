import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StartError } from '#server/start-error.ts';

export interface Config {
  host: string;
  port: number;
  dataDir: string;
  /** null: the server runs its own PostgreSQL in the data folder. */
  databaseUrl: string | null;
  /** Where others reach this center, for links, without a trailing slash; null when only its own address is known. */
  publicUrl: string | null;
  /** Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** Origins of other web pages that may call this server. */
  allowedOrigins: string[];
  adminToken: string | null;
  /** Keys for the secrets in the database, base64 of 32 bytes, the first of which seals; null: a file in the data folder. */
  secretKeys: string[] | null;
  /** Accepted alerts a minute per integration key; null is no limit. */
  ingestLimitPerMinute: number | null;
  /** Set by `--demo`: how many times faster than real the scripted outage is played. */
  demo: { speed: number } | null;
  /** Set by `npm start`, which says and opens what its user needs to know; the server then says only what went wrong. */
  isChild: boolean;
}

/** The only reader of process.env in the server. */
export function loadConfig(argv: readonly string[] = process.argv.slice(2)): Config {
  return parseConfig({
    env: process.env,
    argv,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    home: homedir(),
    programDir: dirname(dirname(fileURLToPath(import.meta.url))),
  });
}

interface Surroundings {
  env: Record<string, string | undefined>;
  argv: readonly string[];
  platform: NodeJS.Platform;
  isRoot: boolean;
  home: string;
  programDir: string;
}

const portText = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().int().min(0).max(65_535));

const speedText = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
  .pipe(z.number().min(0.1).max(1_000));

const httpUrl = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

const proxyAddress = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

const origin = z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text);

/** Several values in one variable, separated by commas. */
function list(item: z.ZodType<string, string>) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item));
}

/** 32 bytes in base64, in either alphabet, with or without padding. */
const secretKey = z.string().regex(/^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=?$/);

const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

const ingestLimit = z.union([
  z.literal('off').transform(() => null),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().int().min(1)),
]);

export function parseConfig(around: Surroundings): Config {
  const flags = parseFlags(around.argv);
  const read = <T>(name: string, schema: z.ZodType<T>, allowed: string, secret = false): T | undefined => {
    const value = around.env[name];
    if (value === undefined || value === '') return undefined;
    return parseSetting(name, value, schema, allowed, secret);
  };

  const host = read('TOCSIN_HOST', z.string().regex(/^[a-zA-Z0-9.:_-]+$/), 'a host name or address, e.g. 127.0.0.1');
  const portFlag =
    flags.port === undefined ? undefined : parseSetting('--port', flags.port, portText, portsAllowed, false);
  const port = portFlag ?? read('TOCSIN_PORT', portText, portsAllowed) ?? 7300;
  const limit = read('TOCSIN_INGEST_LIMIT', ingestLimit, 'a whole number of alerts a minute from 1, or "off"');
  const url = read('TOCSIN_PUBLIC_URL', httpUrl, 'an address that starts with http:// or https://');
  const speed =
    flags.speed === undefined ? 1 : parseSetting('--speed', flags.speed, speedText, 'a number from 0.1 to 1000', false);
  const givenDataDir = read(
    'TOCSIN_DATA_DIR',
    z.string().refine((text) => !text.includes('\0')),
    'a folder',
  );

  return {
    host: host ?? '127.0.0.1',
    port,
    dataDir: givenDataDir === undefined ? defaultDataDir(around) : resolve(givenDataDir),
    databaseUrl:
      read('TOCSIN_DATABASE_URL', databaseUrl, 'an address like postgres://user:password@host/name', true) ?? null,
    publicUrl: url ?? null,
    trustedProxies:
      read('TOCSIN_TRUSTED_PROXIES', list(proxyAddress), 'addresses or ranges like 10.0.0.0/8, separated by commas') ??
      [],
    allowedOrigins:
      read('TOCSIN_ALLOWED_ORIGINS', list(origin), 'origins like https://status.example.com, separated by commas') ??
      [],
    adminToken:
      read(
        'TOCSIN_ADMIN_TOKEN',
        z.string().regex(/^[\x21-\x7e]{8,256}$/),
        '8 to 256 printable characters without spaces',
        true,
      ) ?? null,
    secretKeys:
      read(
        'TOCSIN_SECRET_KEY',
        list(secretKey),
        'keys of 32 bytes in base64 (openssl rand -base64 32), the one that seals first, separated by commas',
        true,
      ) ?? null,
    ingestLimitPerMinute: limit === undefined ? 30_000 : limit,
    demo: flags.demo === true ? { speed } : null,
    isChild: flags.child === true,
  };
}

const portsAllowed = 'a whole number from 0 to 65535 (0 lets the system choose)';

function parseFlags(argv: readonly string[]): { port?: string; speed?: string; demo?: boolean; child?: boolean } {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        speed: { type: 'string' },
        demo: { type: 'boolean' },
        child: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${reason}\nThe flags are --demo, --speed NUMBER and --port NUMBER.`, { cause: error });
  }
}

function parseSetting<T>(name: string, value: string, schema: z.ZodType<T>, allowed: string, secret: boolean): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const shown = secret ? 'the value given (not shown, it may be a secret)' : JSON.stringify(value);
  throw new StartError(`${name}: ${shown} cannot be used. Allowed: ${allowed}.`);
}

/**
 * Each copy of the program keeps its own data, outside its folder so that cleaning the folder loses nothing.
 * Root's home is closed to the account that PostgreSQL runs as, so root uses the system's state folder.
 */
function defaultDataDir({ env, platform, isRoot, home, programDir }: Surroundings): string {
  const key = `${basename(programDir) || 'tocsin'}-${createHash('sha256').update(programDir).digest('hex').slice(0, 8)}`;
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Tocsin', key);
  if (isRoot) return join('/var/lib/tocsin', key);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Tocsin', key);
  const base = env['XDG_DATA_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.local', 'share'), 'tocsin', key);
}
