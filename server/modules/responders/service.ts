// Proves that an address is its owner's: six digits go there, and come back.
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ChannelTest } from '#server/contract/channel.ts';
import { roleAtLeast, type User } from '#server/contract/people.ts';
import type { ContactMethodDraft } from '#server/contract/responder.ts';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { ConfigReader, StoredDocument } from '#server/modules/config/state.ts';
import type { contactLabel } from '#server/modules/notify/planning/contact-label.ts';
import type { Direct } from '#server/modules/notify/sending/direct.ts';
import { verificationStore } from '#server/modules/responders/verification-store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface MethodTest extends ChannelTest {
  methodId: string | null;
  label: string;
}

export interface Responders {
  sendCode(actor: Actor, method: { userId: string; methodId: string }): Promise<ChannelTest>;
  confirmCode(actor: Actor, proof: { userId: string; methodId: string; code: string }): Promise<void>;
  /** A test message through every way of a person, with what became of each. */
  sendTest(actor: Actor, userId: string): Promise<MethodTest[]>;
}

const livesMs = 10 * 60_000;
const triesPerCode = 5;
const betweenCodesMs = 60_000;
/** Codes for different methods of one person within an hour. */
const codesPerHour = 10;
/** A test page can call a phone. */
const betweenTestsMs = 30_000;

export function createResponders(deps: {
  database: Transactor;
  config: ConfigReader<Tx>;
  people: { read(tx: Tx, ids: string[]): Promise<Pick<User, 'id' | 'name' | 'disabled'>[]> };
  direct: Pick<Direct, 'toPerson'>;
  contactLabel: typeof contactLabel;
  /** Keeps that this address of this method was proven. */
  markVerified(tx: Tx, at: string, proof: { userId: string; methodId: string; address: string }): Promise<void>;
  connectedUsers(): readonly string[];
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'bytes'>;
}): Responders {
  const { database, config, people, direct, contactLabel: labelOf, markVerified, connectedUsers, clock, random } = deps;
  const testedAt = new Map<string, number>();
  const iso = (afterMs = 0) => new Date(clock.now() + afterMs).toISOString();

  async function profileOf(tx: Tx, userId: string): Promise<StoredDocument<'responder'>> {
    const profile = (await config.current(tx)).get('responder', userId);
    if (profile !== null) return profile;
    throw new AppError('not-found', 'This person has no profile yet. Save one first.');
  }

  async function methodOf(tx: Tx, userId: string, methodId: string): Promise<ContactMethodDraft> {
    const method = (await profileOf(tx, userId)).draft.contactMethods.find((one) => one.id === methodId);
    if (method === undefined) {
      throw new AppError('not-found', 'There is no contact method with this id in the saved profile. Save it first.');
    }
    if (method.kind === 'desktop') {
      throw new AppError('invalid', 'Desktop needs no code: it is wherever the person is signed in.');
    }
    return method;
  }

  function pace(userId: string): void {
    const now = clock.now();
    for (const [id, at] of testedAt) if (at + betweenTestsMs <= now) testedAt.delete(id);
    const last = testedAt.get(userId);
    if (last !== undefined) {
      const seconds = Math.ceil((last + betweenTestsMs - now) / 1_000);
      throw new AppError('rate-limited', `A test page went out a moment ago. Send another in ${seconds} s.`, {
        retryAfterSeconds: seconds,
      });
    }
    testedAt.set(userId, now);
  }

  return {
    async sendCode(actor, { userId, methodId }) {
      own(actor, userId);
      const code = newCode(random);
      const { method, recipient } = await database.withTransaction(async (tx) => {
        const found = await methodOf(tx, userId, methodId);
        const earlier = await verificationStore.lock(tx, userId, methodId);
        const waitMs = earlier === null ? 0 : Date.parse(earlier.sentAt) + betweenCodesMs - clock.now();
        if (waitMs > 0) {
          const seconds = Math.ceil(waitMs / 1_000);
          throw new AppError('rate-limited', `A code was sent a moment ago. Ask for another in ${seconds} s.`, {
            retryAfterSeconds: seconds,
          });
        }
        if ((await verificationStore.countSent(tx, userId, iso(-3_600_000))) >= codesPerHour) {
          throw new AppError('rate-limited', 'Too many codes were sent for this person. Try again in an hour.', {
            retryAfterSeconds: 3_600,
          });
        }
        await verificationStore.put(tx, userId, methodId, {
          address: found.address,
          codeHash: hashOf(userId, methodId, code),
          sentAt: iso(),
          expiresAt: iso(livesMs),
        });
        const [person] = await people.read(tx, [userId]);
        return { method: found, recipient: person?.name ?? actor.name };
      });
      const { kind, address, channelId } = method;
      return direct.toPerson(
        { kind, address, channelId, recipient },
        {
          purpose: 'verify',
          summary: `Tocsin: your code is ${code}`,
          text: `Enter ${code} within 10 minutes to be paged here. If you did not ask for it, ignore this.`,
          code,
        },
      );
    },

    async confirmCode(actor, { userId, methodId, code }) {
      own(actor, userId);
      // Answered, not thrown, so that a wrong code counts even though the call fails.
      const refusal = await database.withTransaction(async (tx) => {
        const method = await methodOf(tx, userId, methodId);
        const sent = await verificationStore.lock(tx, userId, methodId);
        if (sent === null || sent.address !== method.address || sent.expiresAt <= iso()) {
          return 'There is no code for this address that still counts. Send a new one.';
        }
        if (sent.attempts >= triesPerCode) return 'There were too many wrong codes. Send a new one.';
        await verificationStore.countTry(tx, userId, methodId);
        if (!timingSafeEqual(sent.codeHash, hashOf(userId, methodId, code)))
          return 'This is not the code that was sent.';
        await verificationStore.remove(tx, userId, methodId);
        await markVerified(tx, iso(), { userId, methodId, address: method.address });
        return null;
      });
      if (refusal !== null) throw new AppError('invalid', refusal);
    },

    async sendTest(actor, userId) {
      own(actor, userId);
      pace(userId);
      const { profile, recipient } = await database.withTransaction(async (tx) => {
        const [person] = await people.read(tx, [userId]);
        if (person === undefined) throw new AppError('not-found', 'There is nobody with this id.');
        const config_ = await config.current(tx);
        return { profile: config_.get('responder', userId), recipient: person.name };
      });
      const desktopTest: MethodTest = {
        methodId: null,
        label: 'desktop',
        elapsedMs: 0,
        ...(connectedUsers().includes(userId)
          ? { ok: true, text: 'A desktop is connected to this server; pages show there.' }
          : { ok: false, text: 'No desktop of this person is connected to this server.' }),
      };
      const methods = profile?.draft.contactMethods ?? [];
      const verified = profile?.state.verified ?? {};
      const tests = methods.map(async (method): Promise<MethodTest> => {
        const { id: methodId, kind, address, channelId, enabled } = method;
        const label = labelOf(kind, address);
        const told = { methodId, label, ok: false, elapsedMs: 0 };
        if (!enabled) return { ...told, text: 'It is switched off.' };
        if (kind === 'desktop') return { ...desktopTest, methodId };
        if (verified[methodId]?.address !== address)
          return { ...told, text: 'It is not verified, so it is never used.' };
        const test = await direct.toPerson(
          { kind, address, channelId, recipient },
          {
            purpose: 'test',
            summary: 'Test page from Tocsin: nothing is wrong',
            text: `${actor.name} sent a test page to ${recipient}. Nobody has to act.`,
            code: null,
          },
        );
        return { methodId, label, ...test };
      });
      const results = await Promise.all(tests);
      return methods.some((method) => method.kind === 'desktop') ? results : [desktopTest, ...results];
    },
  };
}

function own(actor: Actor, userId: string): void {
  if (actor.userId === userId || roleAtLeast(actor.role, 'manager')) return;
  throw new AppError('forbidden', 'This is the profile of somebody else. It needs the role manager.');
}

function newCode(random: Pick<Random, 'bytes'>): string {
  // 2^32 is so much larger than a million that no code is noticeably likelier than another.
  const number = Buffer.from(random.bytes(4)).readUInt32BE(0) % 1_000_000;
  return String(number).padStart(6, '0');
}

function hashOf(userId: string, methodId: string, code: string): Buffer {
  return createHash('sha256').update(`${userId} ${methodId} ${code}`).digest();
}
