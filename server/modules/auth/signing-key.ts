import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Random } from '#server/ports/random.ts';

export interface SigningKey {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** For refresh tokens, which are authenticated but not signed. */
  refreshSecret: Buffer;
}

/** Ed25519 private key in PKCS #8 (RFC 8410): this header, then the 32 bytes of the seed. */
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex');

export async function makeSigningKey(random: Pick<Random, 'bytes'>): Promise<{ id: string; privateJwk: string }> {
  const der = Buffer.concat([pkcs8Header, random.bytes(32)]);
  const jwk = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  return {
    id: await calculateJwkThumbprint(jwk as Parameters<typeof calculateJwkThumbprint>[0]),
    privateJwk: JSON.stringify(jwk),
  };
}

export function readSigningKey(row: { id: string; privateJwk: string }): SigningKey {
  const privateKey = createPrivateKey({ key: JSON.parse(row.privateJwk), format: 'jwk' });
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' });
  return {
    id: row.id,
    privateKey,
    publicKey: createPublicKey(privateKey),
    refreshSecret: Buffer.from(hkdfSync('sha256', seed, '', 'tocsin refresh token', 32)),
  };
}
