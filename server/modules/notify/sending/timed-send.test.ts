import { describe, expect, it } from 'vitest';
import type { SendResult } from '#server/modules/notify/channel-type.ts';
import { failed, timedSend } from '#server/modules/notify/sending/timed-send.ts';
import { createFakeClock } from '#server/testkit/clock.ts';

const taken = { outcome: 'accepted', ref: 'C0:1', arrived: true, response: 'ok' } as const;
const forever = () => new Promise<SendResult>(() => {});

describe('a call of a provider', () => {
  it('ends after 10 s', async () => {
    const clock = createFakeClock(0);
    const result = timedSend(clock, forever);
    clock.advance(10_000);
    expect(await result).toMatchObject({ outcome: 'failed', reason: 'no answer within 10 s' });
  });

  it('is a success once the message was taken, whatever becomes of the rest', async () => {
    const clock = createFakeClock(0);
    let signal: AbortSignal | null = null;
    const slow = timedSend(clock, (given, say) => {
      signal = given;
      // The message took long itself; what comes after it has five seconds of its own.
      clock.advance(9_000);
      say(taken);
      return forever();
    });
    clock.advance(4_999);
    expect(signal!.aborted).toBe(false);
    clock.advance(1);
    expect(await slow).toEqual(taken);
    expect(signal!.aborted).toBe(true);

    const throws = timedSend(clock, (_signal, say) => {
      say(taken);
      return Promise.reject(new Error('the room fell over'));
    });
    expect(await throws).toEqual(taken);
    const fails = timedSend(clock, (_signal, say) => {
      say(taken);
      return Promise.resolve(failed('the room fell over'));
    });
    expect(await fails).toEqual(taken);
    const better = { ...taken, ref: 'C0:1|C1:2' };
    const whole = timedSend(clock, (_signal, say) => {
      say(taken);
      return Promise.resolve(better);
    });
    expect(await whole).toEqual(better);
  });
});
