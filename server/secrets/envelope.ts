// AES-256-GCM envelope: each secret has a data key of its own, sealed with a master key. Changing the master key seals
// the data key anew and leaves the secret's own ciphertext alone.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Random } from '#server/ports/random.ts';

/** Where a secret lives. It is authenticated with the ciphertext, so that a ciphertext opens in its own place only. */
export interface SecretPlace {
  ownerKind: string;
  ownerId: string;
  name: string;
}

export interface MasterKey {
  /** Names the key without telling it. */
  id: string;
  key: Buffer;
}

export class SecretError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretError';
  }
}

const format = 1;
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const wrappedBytes = ivBytes + keyBytes + tagBytes;

export function masterKey(key: Buffer): MasterKey {
  if (key.length !== keyBytes) throw new SecretError('A key has to be 32 bytes.');
  return { id: createHash('sha256').update('tocsin master key\0').update(key).digest('hex').slice(0, 16), key };
}

export function sealSecret(
  master: MasterKey,
  place: SecretPlace,
  plaintext: string,
  random: Pick<Random, 'bytes'>,
): Buffer {
  const dataKey = Buffer.from(random.bytes(keyBytes));
  const wrapped = encrypt(master.key, wrapAad(place, master.id), dataKey, random);
  return Buffer.concat([
    Buffer.from([format]),
    wrapped,
    encrypt(dataKey, secretAad(place), Buffer.from(plaintext, 'utf8'), random),
  ]);
}

export function openSecret(master: MasterKey, place: SecretPlace, sealed: Buffer): string {
  const { wrapped, body } = split(sealed, place);
  const dataKey = decrypt(master.key, wrapAad(place, master.id), wrapped, place);
  return decrypt(dataKey, secretAad(place), body, place).toString('utf8');
}

/** The same secret under another master key. */
export function resealSecret(
  from: MasterKey,
  to: MasterKey,
  place: SecretPlace,
  sealed: Buffer,
  random: Pick<Random, 'bytes'>,
): Buffer {
  const { wrapped, body } = split(sealed, place);
  const dataKey = decrypt(from.key, wrapAad(place, from.id), wrapped, place);
  return Buffer.concat([Buffer.from([format]), encrypt(to.key, wrapAad(place, to.id), dataKey, random), body]);
}

function split(sealed: Buffer, place: SecretPlace): { wrapped: Buffer; body: Buffer } {
  if (sealed[0] !== format || sealed.length < 1 + wrappedBytes + ivBytes + tagBytes) throw broken(place);
  return { wrapped: sealed.subarray(1, 1 + wrappedBytes), body: sealed.subarray(1 + wrappedBytes) };
}

/** iv, ciphertext, tag. */
function encrypt(key: Buffer, aad: Buffer, plaintext: Buffer, random: Pick<Random, 'bytes'>): Buffer {
  const iv = Buffer.from(random.bytes(ivBytes));
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(aad);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, aad: Buffer, sealed: Buffer, place: SecretPlace): Buffer {
  const iv = sealed.subarray(0, ivBytes);
  const tag = sealed.subarray(sealed.length - tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(aad).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    throw broken(place);
  }
}

function secretAad({ ownerKind, ownerId, name }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify(['tocsin secret', format, ownerKind, ownerId, name]));
}

function wrapAad(place: SecretPlace, keyId: string): Buffer {
  return Buffer.concat([secretAad(place), Buffer.from(JSON.stringify(['key', keyId]))]);
}

function broken({ ownerKind, name }: SecretPlace): SecretError {
  return new SecretError(
    `The secret “${name}” of this ${ownerKind} cannot be opened: it was changed or moved in the database. Enter it again.`,
  );
}
