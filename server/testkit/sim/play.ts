// Plays a scenario against a world: senders, consumers of each partition, timers and people, with faults between them.
import type { Actor } from '#server/api/context.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import type { Signal } from '#server/contract/signal.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { Disposition, LogRecord } from '#server/ports/event-log.ts';
import type { Random } from '#server/ports/random.ts';
import { type AlertWorld, aRecord, aSignal } from '#server/testkit/alert-world.ts';
import type { FakeClock } from '#server/testkit/clock.ts';
import { expires, keyName, partitionOf, partitions, pick, signalOf, type Step } from '#server/testkit/sim/scenario.ts';
import type { Accepted } from '#server/testkit/sim/invariants.ts';

/** What a world keeps for the player, in the same transactions as the effects. */
export interface Ledger {
  lockOffset(tx: Tx, partition: number): Promise<number>;
  writeOffset(tx: Tx, partition: number, offset: number): Promise<void>;
  note(tx: Tx, records: LogRecord[], dispositions: Disposition[]): Promise<void>;
}

export interface Player {
  accepted: Accepted[];
  touchedKeys: Set<string>;
  /** Posts, people and the passing of time; `crash` and `wait` are the caller's. */
  act(step: Step): Promise<void>;
  /** One batch of one partition; false when there was none. */
  consume(partition: number): Promise<boolean>;
}

const batchMax = 6;
const person: Actor = {
  userId: '00000000-0000-7000-8000-00000000000a',
  name: 'Ada',
  role: 'admin',
  teamIds: [],
  sessionId: null,
};

export function createPlayer(deps: {
  world: AlertWorld;
  transact<R>(body: (tx: Tx) => Promise<R>): Promise<R>;
  ledger: Ledger;
  alertIds(): Promise<{ id: string; dedupKey: string }[]>;
  silenceIds(): Promise<string[]>;
  clock: FakeClock;
  random: Random;
}): Player {
  const { world, transact, ledger, clock, random } = deps;
  const log: LogRecord[][] = Array.from({ length: partitions }, () => []);
  const accepted: Accepted[] = [];
  const touchedKeys = new Set<string>();
  const now = () => new Date(clock.now()).toISOString();

  function append(partition: number, record: LogRecord, said: Omit<Accepted, 'id'>): void {
    log[partition]?.push(record);
    accepted.push({ id: record.id, ...said });
  }

  function post(step: Extract<Step, { kind: 'post' }>): void {
    const identity = random.uuid();
    for (let copy = 0; copy <= step.copies; copy += 1) {
      const signal = signalOf(step, clock.now());
      const record = aRecord(signal, step.identity ? identity : random.uuid());
      append(partitionOf(step.key), record, { key: signal.dedupKey, action: step.action, late: step.lateMs > 0 });
    }
    if (expires(step.key)) touchedKeys.add(keyName(step.key));
  }

  function appendOther(kind: 'change' | 'poison'): void {
    const at = clock.now();
    const { integrationId, source } = aSignal({ receivedAt: at });
    const change = {
      kind: 'change' as const,
      integrationId,
      source,
      title: 'Deploy',
      service: 'checkout',
      at,
      links: [],
      receivedAt: at,
    } satisfies Signal;
    const record = aRecord(change, random.uuid());
    const sent = kind === 'poison' ? { ...record, payload: 'not JSON' } : record;
    append(Math.floor(random.number() * partitions), sent, { key: null, action: kind, late: false });
  }

  function context<
    A extends ActionOf<'alert.resolve' | 'alert.reopen' | 'alert.acknowledge' | 'silence.save' | 'silence.end'>,
  >(action: A) {
    const at = now();
    return {
      actor: person,
      at,
      actedAt: at,
      intent: { id: random.uuid(), at, baseVersion: null, dependsOn: null, action },
    };
  }

  async function byHand(kind: 'alert.resolve' | 'alert.reopen' | 'alert.acknowledge'): Promise<void> {
    const ids = await deps.alertIds();
    if (ids.length === 0) return;
    const chosen = pick(random, ids);
    touchedKeys.add(chosen.dedupKey);
    const alertIds = [chosen.id];
    await transact((tx) => {
      if (kind === 'alert.resolve') return world.intents[kind](tx, context({ kind, alertIds }));
      if (kind === 'alert.reopen') return world.intents[kind](tx, context({ kind, alertIds }));
      return world.intents[kind](tx, context({ kind, alertIds }));
    });
  }

  return {
    accepted,
    touchedKeys,
    async act(step) {
      switch (step.kind) {
        case 'post':
          return post(step);
        case 'change':
        case 'poison':
          return appendOther(step.kind);
        case 'advance':
          return clock.advance(step.ms);
        case 'hand':
          return byHand(step.action);
        case 'silence': {
          const startsAt = new Date(clock.now() + step.startsInMs).toISOString();
          const endsAt = new Date(clock.now() + step.startsInMs + step.lastsMs).toISOString();
          const silenceId = random.uuid();
          const matcher = `alert.service == "${step.service}"`;
          const action = {
            kind: 'silence.save',
            silenceId,
            silenceKind: 'silence',
            matcher,
            startsAt,
            endsAt,
            reason: 'Deploy',
          } as const;
          await transact((tx) => world.intents['silence.save'](tx, context(action)));
          return;
        }
        case 'end-silence': {
          const ids = await deps.silenceIds();
          if (ids.length === 0) return;
          const action = { kind: 'silence.end', silenceId: pick(random, ids) } as const;
          await transact((tx) => world.intents['silence.end'](tx, context(action)));
          return;
        }
        case 'crash':
        case 'wait':
      }
    },
    consume(partition) {
      const size = 1 + Math.floor(random.number() * batchMax);
      return transact(async (tx) => {
        const from = await ledger.lockOffset(tx, partition);
        const records = log[partition]?.slice(from, from + size) ?? [];
        if (records.length === 0) return false;
        const dispositions = await world.pipeline.handle(tx, records);
        await ledger.note(tx, records, dispositions);
        await ledger.writeOffset(tx, partition, from + records.length);
        return true;
      });
    },
  };
}
