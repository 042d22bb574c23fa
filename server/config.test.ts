import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const around = {
  env: {} as Record<string, string>,
  argv: [] as string[],
  platform: 'linux' as const,
  isRoot: false,
  home: '/home/ada',
  programDir: '/home/ada/tocsin',
};
const withEnv = (env: Record<string, string>, argv: string[] = []) => parseConfig({ ...around, env, argv });

describe('configuration', () => {
  it('works with nothing set', () => {
    expect(withEnv({})).toMatchObject({
      host: '127.0.0.1',
      port: 7300,
      publicUrl: null,
      databaseUrl: null,
      adminToken: null,
      ingestLimitPerMinute: 30_000,
      demo: null,
    });
  });

  it('takes what is set, and an empty variable as not set', () => {
    expect(
      withEnv({
        TOCSIN_PORT: '8080',
        TOCSIN_HOST: '',
        TOCSIN_INGEST_LIMIT: 'off',
        TOCSIN_PUBLIC_URL: 'https://a.example/x/',
      }),
    ).toMatchObject({ port: 8080, host: '127.0.0.1', ingestLimitPerMinute: null, publicUrl: 'https://a.example/x' });
  });

  it('takes lists separated by commas', () => {
    const lists = { TOCSIN_TRUSTED_PROXIES: '10.0.0.0/8, ::1', TOCSIN_ALLOWED_ORIGINS: 'https://a.example' };
    expect(withEnv(lists)).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '::1'],
      allowedOrigins: ['https://a.example'],
    });
  });

  it('lets flags win over variables', () => {
    expect(withEnv({ TOCSIN_PORT: '8080' }, ['--port', '9090', '--demo', '--speed', '20'])).toMatchObject({
      port: 9090,
      demo: { speed: 20 },
    });
  });

  it.each([
    [{ TOCSIN_PORT: '70000' }, /TOCSIN_PORT: "70000" cannot be used. Allowed: a whole number from 0 to 65535/],
    [{ TOCSIN_PORT: '80a' }, /TOCSIN_PORT: "80a"/],
    [{ TOCSIN_INGEST_LIMIT: '0' }, /TOCSIN_INGEST_LIMIT: "0".*or "off"/],
    [{ TOCSIN_PUBLIC_URL: 'javascript:alert(1)' }, /TOCSIN_PUBLIC_URL/],
    [{ TOCSIN_DATABASE_URL: 'mysql://x' }, /TOCSIN_DATABASE_URL/],
    [{ TOCSIN_TRUSTED_PROXIES: '10.0.0.0/8,everyone' }, /TOCSIN_TRUSTED_PROXIES.*ranges like/],
    [{ TOCSIN_ALLOWED_ORIGINS: 'https://a.example/path' }, /TOCSIN_ALLOWED_ORIGINS/],
  ])('refuses %j with the name, the value and what is allowed', (env, message) => {
    expect(() => withEnv(env as Record<string, string>)).toThrow(message);
  });

  it('never repeats a refused secret', () => {
    expect(() => withEnv({ TOCSIN_ADMIN_TOKEN: 'sh ort' })).toThrow(/^(?!.*sh ort).*TOCSIN_ADMIN_TOKEN/s);
    expect(() => withEnv({ TOCSIN_DATABASE_URL: 'http://u:hunter2@h' })).toThrow(/^(?!.*hunter2)/s);
  });

  it('takes keys for secrets in either base64, the first first, and refuses what is not 32 bytes', () => {
    const [a, b] = [Buffer.alloc(32, 0xfb).toString('base64'), Buffer.alloc(32, 0xfb).toString('base64url')];
    expect(withEnv({ TOCSIN_SECRET_KEY: `${a}, ${b}` }).secretKeys).toEqual([a, b]);
    expect(withEnv({}).secretKeys).toBeNull();
    for (const wrong of ['hunter2', `${a},`, Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')])
      expect(() => withEnv({ TOCSIN_SECRET_KEY: wrong })).toThrow(
        /^TOCSIN_SECRET_KEY: the value given \(not shown.*rand/,
      );
  });

  it('refuses unknown flags and names the known ones', () => {
    expect(() => withEnv({}, ['--prot', '1'])).toThrow(/--port NUMBER/);
  });

  it("keeps data of each copy of the program in a folder of its own, which root's home never is", () => {
    const { dataDir } = withEnv({});
    expect(dataDir).toMatch(/^\/home\/ada\/\.local\/share\/tocsin\/tocsin-[0-9a-f]{8}$/);
    expect(parseConfig({ ...around, programDir: '/home/ada/other' }).dataDir).not.toBe(dataDir);
    expect(parseConfig({ ...around, isRoot: true, home: '/root' }).dataDir).toMatch(/^\/var\/lib\/tocsin\//);
  });
});
