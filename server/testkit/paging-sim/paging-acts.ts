// What a step of a scenario does: alerts, silences and people, time, and what befalls servers and providers.
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { createIncidentHandlers } from '#server/modules/incidents/incident-handlers.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { PageState } from '#server/modules/notify/state.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import type { Random } from '#server/ports/random.ts';
import { aSignal, type createAlertWorld } from '#server/testkit/alert-world.ts';
import type { FakeClock } from '#server/testkit/clock.ts';
import type { createMemoryPaging, PagingBugs } from '#server/testkit/paging-sim/memory-paging.ts';
import { aStep, type ConfigBook, people } from '#server/testkit/paging-sim/paging-config.ts';
import type { Answered } from '#server/testkit/paging-sim/paging-promises.ts';
import { type PagingStep, services } from '#server/testkit/paging-sim/paging-scenario.ts';
import { orUnknown } from '#server/testkit/paging-sim/simulated-server.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';
import type { MemoryDatabase } from '#server/testkit/sim/memory-database.ts';

export const serverNames = ['a', 'b'] as const;
export type ServerName = (typeof serverNames)[number];

export interface PagingActsDeps {
  database: MemoryDatabase;
  paging: ReturnType<typeof createMemoryPaging>;
  world: ReturnType<typeof createAlertWorld>;
  book: ConfigBook;
  clock: FakeClock;
  random: Random;
  bugs: PagingBugs;
  handlers: ReturnType<typeof createIncidentHandlers>;
  acknowledge: ReturnType<typeof withAcknowledgement>;
  servers: { crash(name: ServerName): void; freeze(name: ServerName): void; thaw(): void };
  providerFails(fails: boolean): void;
  nextDue(): number | null;
  goTo(target: number): Promise<void>;
  /** What the promises are held against, filled as things are done. */
  policies: Map<number, PolicyDraft>;
  forced: Set<string>;
  answered: Answered[];
}

export function createPagingActs(deps: PagingActsDeps): (step: PagingStep) => Promise<void> {
  const { database, paging, world, book, clock, random, bugs, handlers, acknowledge, servers } = deps;
  const { nextDue, goTo, policies, forced, answered } = deps;

  const incidentAt = (index: number) => {
    const list = database.committed<IncidentState>('incident');
    return list.length === 0 ? null : list[index % list.length]!;
  };

  async function act(step: PagingStep): Promise<void> {
    const at = new Date(clock.now()).toISOString();
    switch (step.kind) {
      case 'fire':
      case 'resolve': {
        const service = services[step.key % services.length] ?? 'payments';
        const signal = aSignal({
          receivedAt: clock.now(),
          dedupKey: `key-${step.key}`,
          action: step.kind,
          severity: step.severity,
          service,
        });
        await world.send(signal);
        return;
      }
      case 'silence': {
        const matcher = `alert.service == "${services[step.service] ?? ''}"`;
        const endsAt = new Date(clock.now() + step.minutes * 60_000).toISOString();
        const { uuid } = random;
        const action = {
          kind: 'silence.save',
          silenceKind: 'silence',
          matcher,
          startsAt: at,
          endsAt,
          reason: 'quiet',
        } as const;
        const intent = anIntent<'silence.save'>({ ...action, silenceId: uuid() }, { at, random });
        await database.transact((tx) => world.intents['silence.save'](tx, intent));
        await world.timers.runDue();
        return;
      }
      case 'end-silence': {
        const open = database.committed<SilenceState>('silence').find((silence) => !silence.finished);
        if (open === undefined) return;
        const intent = anIntent<'silence.end'>({ kind: 'silence.end', silenceId: open.id }, { at, random });
        await database.transact((tx) => world.intents['silence.end'](tx, intent));
        await world.timers.runDue();
        return;
      }
      case 'acknowledge': {
        const incident = incidentAt(step.incident);
        const person = people[step.person % 3];
        if (incident === null || person === undefined) return;
        const actor = anActor({ userId: person.id, name: person.name });
        const intent = anIntent<'incident.acknowledge'>(
          { kind: 'incident.acknowledge', incidentId: incident.id },
          { at, random, actor },
        );
        const handler = bugs.ackIgnored === true ? handlers['incident.acknowledge'] : acknowledge;
        const { outcome } = await database.transact((tx) => handler(tx, intent));
        if (outcome !== 'applied' && outcome !== 'noop') return;
        const pages = database.committed<PageState>('page').filter((page) => page.incidentId === incident.id);
        const state = database.committed<EscalationState>('escalation').find((row) => row.id === incident.id);
        answered.push({
          incidentId: incident.id,
          elapsed: clock.elapsed(),
          ended: new Set(pages.filter((page) => page.status !== 'open').map((page) => page.id)),
          run: state?.status === 'stopped' ? state.run : null,
          open: pages.filter((page) => page.status === 'open').length,
        });
        return;
      }
      case 'end': {
        const incident = incidentAt(step.incident);
        if (incident === null) return;
        const intent = anIntent<'incident.resolve'>(
          { kind: 'incident.resolve', incidentId: incident.id },
          { at, random },
        );
        await database.transact((tx) => handlers['incident.resolve'](tx, intent));
        return;
      }
      case 'escalate': {
        const incident = incidentAt(step.incident);
        if (incident === null || incident.status === 'resolved') return;
        forced.add(incident.id);
        const target = step.target ? ({ type: 'user', id: people[1]!.id } as const) : null;
        await database.transact(async (tx) => {
          const state = await paging.store.lock(tx, incident.id);
          const by = { by: people[0]!.id, byName: 'Ada', at, target };
          if (state !== null) await paging.store.save(tx, at, [{ ...state, forced: by, changed: true }], new Set());
        });
        return;
      }
      case 'edit': {
        const draft = structuredClone(book.policy().draft);
        if (step.edit === 'delay') for (const one of draft.steps) one.delayMinutes += 1;
        if (step.edit === 'add') draft.steps.push(aStep(random));
        if (step.edit === 'remove' && draft.steps.length > 1)
          draft.steps.splice(Math.floor(random.number() * draft.steps.length), 1);
        book.edit(draft);
        policies.set(book.policy().version, draft);
        return;
      }
      case 'wait':
        await goTo(clock.now() + step.ms);
        return;
      case 'due': {
        const due = nextDue();
        if (due === null || due < clock.now()) return;
        await goTo(due - Math.min(step.early, due - clock.now()));
        await goTo(clock.now() + step.early + 5);
        return;
      }
      case 'clock':
        clock.step(step.ms);
        return;
      case 'sleep':
        clock.suspend(step.ms);
        return;
      case 'crash': {
        const name = serverNames[step.server] ?? 'a';
        servers.crash(name);
        return;
      }
      case 'freeze': {
        const name = serverNames[step.server] ?? 'a';
        servers.freeze(name);
        await goTo(clock.now() + step.ms / 2);
        const latest = database.committed('incident').length - 1;
        if (step.answered)
          await orUnknown(() => act({ kind: 'acknowledge', person: 1, incident: Math.max(0, latest) }));
        await goTo(clock.now() + step.ms / 2);
        servers.thaw();
        return;
      }
      case 'provider':
        deps.providerFails(step.fails);
        return;
    }
  }

  return act;
}
