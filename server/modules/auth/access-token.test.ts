import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { issueAccessToken, readAccessToken } from './access-token.ts';
import { makeSigningKey, readSigningKey } from './signing-key.ts';

const clock = createFakeClock(Date.parse('2026-11-21T16:00:00.000Z'));
const key = readSigningKey(await makeSigningKey(createSeededRandom(1, clock)));
const claims = { userId: '00000000-0000-7000-8000-000000000001', sessionId: '00000000-0000-7000-8000-000000000002' };
const now = Math.floor(clock.now() / 1000);
const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: key.id };
const goodPayload = {
  iss: 'tocsin',
  aud: 'tocsin-api',
  sub: claims.userId,
  sid: claims.sessionId,
  iat: now,
  exp: now + 600,
};

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Signed with our own key, so that only what is under test can be the reason for a refusal. */
function forge(header: object, payload: object, signer = key.privateKey): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(null, Buffer.from(text), signer).toString('base64url')}`;
}

const read = (token: string) => readAccessToken(key, clock, token);

describe('access tokens (S3)', () => {
  test('what was issued is read, for ten minutes and the half minute that clocks may differ', async () => {
    const { token, expiresAt } = await issueAccessToken(key, clock, claims);
    expect(expiresAt).toBe('2026-11-21T16:10:00.000Z');
    expect(await read(token)).toEqual(claims);
    const at = (seconds: number) => readAccessToken(key, { now: () => clock.now() + seconds * 1000 }, token);
    expect(await at(629)).toEqual(claims);
    expect(await at(631)).toBeNull();
  });

  test('the forger below makes good tokens, so its refusals mean something', async () => {
    expect(await read(forge(goodHeader, goodPayload))).toEqual(claims);
  });

  test.each<[string, object, object]>([
    ['a header that brings its own key', { ...goodHeader, jwk: key.publicKey.export({ format: 'jwk' }) }, goodPayload],
    ['a header that points to a key', { ...goodHeader, jku: 'https://evil.example/jwks.json' }, goodPayload],
    ['a header that points to a certificate', { ...goodHeader, x5u: 'https://evil.example/cert' }, goodPayload],
    ['a header with a certificate', { ...goodHeader, x5c: ['AAAA'] }, goodPayload],
    ['a critical extension', { ...goodHeader, crit: ['exp'] }, goodPayload],
    ['a critical extension we never heard of', { ...goodHeader, crit: ['b64'], b64: true }, goodPayload],
    ['another key id', { ...goodHeader, kid: 'other' }, goodPayload],
    ['no type', { alg: 'EdDSA', kid: key.id }, goodPayload],
    ['another type', { ...goodHeader, typ: 'JWT' }, goodPayload],
    ['another audience', goodHeader, { ...goodPayload, aud: 'someone-else' }],
    ['no audience', goodHeader, { ...goodPayload, aud: undefined }],
    ['another issuer', goodHeader, { ...goodPayload, iss: 'someone-else' }],
    ['no expiry', goodHeader, { ...goodPayload, exp: undefined }],
    ['an expiry in the past', goodHeader, { ...goodPayload, exp: now - 31 }],
    ['a start in the future', goodHeader, { ...goodPayload, nbf: now + 60 }],
    ['no session', goodHeader, { ...goodPayload, sid: undefined }],
    ['a session that is no id', goodHeader, { ...goodPayload, sid: "' OR 1=1" }],
  ])('%s is refused', async (_name, header, payload) => {
    expect(await read(forge(header, payload))).toBeNull();
  });

  test('no signature is refused, whatever it calls itself', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const text = `${encode({ ...goodHeader, alg })}.${encode(goodPayload)}`;
      expect(await read(`${text}.`)).toBeNull();
      expect(await read(`${text}.AAAA`)).toBeNull();
    }
  });

  test('our public key as an HMAC secret is refused', async () => {
    const der = key.publicKey.export({ format: 'der', type: 'spki' });
    const secrets = [
      key.publicKey.export({ format: 'pem', type: 'spki' }),
      der,
      der.subarray(-32),
      key.publicKey.export({ format: 'jwk' }).x ?? '',
    ];
    for (const alg of ['HS256', 'EdDSA']) {
      for (const secret of secrets) {
        const text = `${encode({ ...goodHeader, alg })}.${encode(goodPayload)}`;
        expect(await read(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`)).toBeNull();
      }
    }
  });

  test("another one's key and a changed payload are refused", async () => {
    expect(await read(forge(goodHeader, goodPayload, generateKeyPairSync('ed25519').privateKey))).toBeNull();
    const [header, , signature] = forge(goodHeader, goodPayload).split('.');
    expect(await read(`${header}.${encode({ ...goodPayload, sub: claims.sessionId })}.${signature}`)).toBeNull();
  });
});
