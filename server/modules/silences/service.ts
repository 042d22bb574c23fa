import type { AlertEvent } from '#server/contract/alert.ts';
import type { Tx } from '#server/database/transaction.ts';
import { celAlert, compileCondition } from '#server/expressions/cel.ts';
import type { AlertChange, ApplyAlertChanges, FiringAlertStore } from '#server/modules/alerts/state.ts';
import {
  type CompiledSilence,
  decideSilenced,
  endOf,
  isActive,
  nameOf,
  needsLook,
} from '#server/modules/silences/rules.ts';
import type { SilenceState, SilenceStore } from '#server/modules/silences/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

/** Alerts looked through in one transaction, while the pipeline waits at the gate. */
const pageSize = 500;

export interface Silences<T = Tx> {
  /** The pipeline's step: marks what fired or changed. */
  mark(tx: T, at: string, changes: AlertChange[]): Promise<{ changes: AlertChange[]; events: AlertEvent[] }>;
  /** Deals with every start and end that has come. Answers how many it dealt with. */
  runDue(): Promise<number>;
}

export function createSilences<T = Tx>(deps: {
  transact<R>(body: (tx: T) => Promise<R>): Promise<R>;
  silences: SilenceStore<T>;
  alerts: FiringAlertStore<T>;
  apply: ApplyAlertChanges<T>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}): Silences<T> {
  const { transact, silences, alerts, apply, clock, random } = deps;
  const now = () => new Date(clock.now()).toISOString();

  /** Looks once through the alerts that fire already; `done` when there are no more behind the last one. */
  async function start(id: string, after: string | null): Promise<{ done: boolean; last: string | null }> {
    return transact(async (tx) => {
      await silences.gate(tx, 'alone');
      const at = now();
      const silence = await silences.lockById(tx, id);
      if (silence === null || silence.started || !isActive(silence, at)) return { done: true, last: null };
      const page = await alerts.lockFiring(tx, after, pageSize);
      const active = compile(await silences.listActive(tx, at));
      const looked = page.map((alert) => decideSilenced({ before: alert, after: alert }, active, at, random.uuid));
      await applyMarks(tx, at, looked);
      const done = page.length < pageSize;
      if (done) await bump(tx, at, id, { started: true });
      return { done, last: page.at(-1)?.id ?? null };
    });
  }

  async function finish(id: string): Promise<boolean> {
    return transact(async (tx) => {
      await silences.gate(tx, 'alone');
      const at = now();
      const silence = await silences.lockById(tx, id);
      if (silence === null || silence.finished || endOf(silence) > at) return true;
      const page = await alerts.lockSuppressedBy(tx, id, pageSize);
      const active = compile((await silences.listActive(tx, at)).filter((other) => other.id !== id));
      const why = `${nameOf(silence)} ended; it still fires.`;
      await applyMarks(
        tx,
        at,
        page.map((alert) => decideSilenced({ before: alert, after: alert }, active, at, random.uuid, why)),
      );
      if (page.length === pageSize) return false;
      await bump(tx, at, id, { started: true, finished: true });
      return true;
    });
  }

  async function applyMarks(tx: T, at: string, marks: ReturnType<typeof decideSilenced>[]): Promise<void> {
    const moved = marks.filter((mark) => mark.event !== null);
    await apply(
      tx,
      at,
      moved.map((mark) => mark.change),
      moved.map((mark) => mark.event).filter((event) => event !== null),
    );
  }

  async function bump(tx: T, at: string, id: string, patch: Partial<SilenceState>): Promise<void> {
    // Read again: applying the marks published a new count under a new version.
    const silence = await silences.lockById(tx, id);
    if (silence !== null) await silences.save(tx, at, [{ ...silence, ...patch, version: silence.version + 1 }]);
  }

  return {
    async mark(tx, at, changes) {
      if (!changes.some(needsLook)) return { changes, events: [] };
      const active = compile(await silences.listActive(tx, at));
      const events: AlertEvent[] = [];
      const marked = changes.map((change) => {
        if (!needsLook(change)) return change;
        const mark = decideSilenced(change, active, at, random.uuid);
        if (mark.event !== null) events.push(mark.event);
        return mark.change;
      });
      return { changes: marked, events };
    },

    async runDue() {
      const due = await transact((tx) => silences.listDue(tx, now()));
      for (const silence of due) {
        if (endOf(silence) <= now()) {
          while (!(await finish(silence.id)));
          continue;
        }
        for (let page = await start(silence.id, null); !page.done; page = await start(silence.id, page.last));
      }
      return due.length;
    },
  };
}

function compile(silences: SilenceState[]): CompiledSilence[] {
  return silences.map((silence) => {
    const matcher = compileCondition(silence.matcher);
    if (!matcher.ok) return { silence, test: () => false };
    return { silence, test: (alert) => matcher.test(celAlert(alert)) };
  });
}
