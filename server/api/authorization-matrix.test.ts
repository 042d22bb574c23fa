// S5: every procedure and every kind of action × every role. The tables are written by hand: a procedure that is not in
// them, or whose access changed, fails here until somebody decides so on purpose.
import { type AnyTRPCProcedure, TRPCError } from '@trpc/server';
import { describe, expect, test } from 'vitest';
import { AppError } from '#server/api/app-error.ts';
import type { Actor, Context } from '#server/api/context.ts';
import { metaOf } from '#server/api/rest.ts';
import { createRouter, type Services } from '#server/api/router.ts';
import { createCallerFactory } from '#server/api/trpc.ts';
import { type Action, type ActionKind, actionPolicies, type IntentResult } from '#server/contract/intent.ts';
import { type PermissionRole, permissionRoles, roleAtLeast } from '#server/contract/people.ts';
import { createIntents, type IntentHandlers } from '#server/modules/incidents/intents.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const procedureAccess: Record<string, PermissionRole | 'public'> = {
  'alerts.facets': 'viewer',
  'alerts.find': 'viewer',
  'alerts.get': 'viewer',
  'alerts.history': 'viewer',
  'alerts.list': 'viewer',
  'auth.apiKeys.create': 'viewer',
  'auth.apiKeys.list': 'viewer',
  'auth.apiKeys.revoke': 'viewer',
  'auth.changePassword': 'viewer',
  'auth.me': 'viewer',
  'auth.sessions.list': 'viewer',
  'auth.sessions.revoke': 'viewer',
  // What a client asks before a sign-in: whether the two versions understand each other.
  'center.info': 'public',
  'channels.test': 'admin',
  'channels.types': 'viewer',
  'chat.list': 'viewer',
  'chat.post': 'responder',
  'config.applyFile': 'manager',
  'config.drift': 'viewer',
  'config.export': 'manager',
  'config.findings': 'viewer',
  'config.history': 'viewer',
  'config.plan': 'manager',
  'config.rekey': 'admin',
  'config.unreadable': 'viewer',
  'config.unreadableText': 'admin',
  'demo.start': 'manager',
  'demo.state': 'viewer',
  'demo.stop': 'manager',
  'diagnostics.deadLetters': 'responder',
  'diagnostics.discard': 'manager',
  'diagnostics.replay': 'manager',
  'diagnostics.report': 'viewer',
  'events.subscribe': 'viewer',
  'fatigue.csv': 'responder',
  'fatigue.report': 'responder',
  'grouping.check': 'responder',
  'grouping.tryRule': 'responder',
  'importers.applyExport': 'manager',
  'importers.plan': 'manager',
  'incidents.acknowledge': 'responder',
  'incidents.declare': 'responder',
  'incidents.get': 'viewer',
  'incidents.list': 'viewer',
  'incidents.mitigate': 'responder',
  'incidents.postmortem': 'viewer',
  'incidents.postmortemFile': 'viewer',
  'incidents.resolve': 'responder',
  'incidents.timeline': 'viewer',
  'insights.csv': 'viewer',
  'insights.report': 'viewer',
  'integrations.create': 'manager',
  'integrations.delete': 'manager',
  'integrations.list': 'viewer',
  'integrations.rotate': 'manager',
  'integrations.starter': 'manager',
  'integrations.tryMapping': 'manager',
  'integrations.update': 'manager',
  // Each intent in the call is judged by its own kind: the second table.
  'intents.submit': 'viewer',
  'ledger.between': 'viewer',
  'ledger.ofAlert': 'viewer',
  'ledger.ofIncident': 'viewer',
  'ledger.ofPage': 'viewer',
  'ledger.replay': 'manager',
  'ledger.tryPolicy': 'manager',
  'ledger.why': 'viewer',
  'ledger.whyPage': 'viewer',
  'monitors.newKey': 'manager',
  'oncall.feedAddress': 'viewer',
  'oncall.feeds': 'viewer',
  'oncall.list': 'viewer',
  'oncall.preview': 'viewer',
  'oncall.revokeFeed': 'viewer',
  'oncall.shifts': 'viewer',
  'pages.list': 'viewer',
  'pages.receipt': 'viewer',
  'paging.tryDraft': 'manager',
  'people.createTeam': 'admin',
  'people.createUser': 'admin',
  'people.deleteTeam': 'admin',
  'people.invite': 'admin',
  'people.renameTeam': 'admin',
  'people.setDisabled': 'admin',
  'people.setMembers': 'admin',
  'people.teams': 'viewer',
  'people.updateUser': 'admin',
  'people.users': 'viewer',
  'replica.snapshot': 'viewer',
  'replica.stream': 'viewer',
  'responders.confirmCode': 'responder',
  'responders.sendCode': 'responder',
  'responders.sendTest': 'responder',
  'services.applyCatalog': 'manager',
  'services.exportCatalog': 'viewer',
  'services.get': 'viewer',
  'services.graph': 'viewer',
  'services.list': 'viewer',
  'services.planCatalog': 'manager',
  'services.remove': 'manager',
  'services.save': 'manager',
  'settings.get': 'viewer',
  'settings.set': 'admin',
  'shadow.compareOnCall': 'manager',
  'shadow.report': 'viewer',
  'shadow.reportCsv': 'viewer',
  'shadow.take': 'responder',
  'silences.preview': 'responder',
  'reviews.unfinished': 'viewer',
  'timeline.json': 'viewer',
  'timeline.markdown': 'viewer',
  'updates.preview': 'responder',
  'watchdog.set': 'admin',
  'watchdog.settings': 'admin',
  'watchdog.status': 'viewer',
};

const actionAccess: Record<ActionKind, PermissionRole> = {
  'alert.acknowledge': 'responder',
  'alert.reopen': 'responder',
  'alert.resolve': 'responder',
  'alert.unacknowledge': 'responder',
  'ask.add': 'responder',
  'ask.answer': 'responder',
  'ask.cancel': 'responder',
  'ask.reassign': 'responder',
  'config.delete': 'responder',
  'config.save': 'responder',
  'escalation.escalate': 'responder',
  'incident.accept-role': 'responder',
  'incident.acknowledge': 'responder',
  'incident.add-link': 'responder',
  'incident.attach-alerts': 'responder',
  'incident.declare': 'responder',
  'incident.decline-role': 'responder',
  'incident.detach-alerts': 'responder',
  'incident.join': 'responder',
  'incident.merge': 'responder',
  'incident.mitigate': 'responder',
  'incident.note': 'responder',
  'incident.offer-role': 'responder',
  'incident.post-update': 'responder',
  'incident.release-role': 'responder',
  'incident.release': 'responder',
  'incident.remove-link': 'responder',
  'incident.reopen': 'responder',
  'incident.resolve': 'responder',
  'incident.restrict': 'manager',
  'incident.set-impact': 'responder',
  'incident.set-severity': 'responder',
  'incident.set-title': 'responder',
  'incident.split': 'responder',
  'incident.star': 'responder',
  'incident.take-role': 'responder',
  'poll.answer': 'responder',
  'poll.close': 'responder',
  'poll.open': 'responder',
  'chat.delete': 'responder',
  'chat.edit': 'responder',
  'chat.post': 'responder',
  'chat.promote': 'responder',
  'postmortem.edit': 'responder',
  'postmortem.set-state': 'responder',
  'preference.set': 'viewer',
  'route.order': 'manager',
  'rule.delete': 'manager',
  'rule.order': 'manager',
  'rule.save': 'manager',
  'service.delete': 'manager',
  'service.pin': 'responder',
  'service.save': 'manager',
  'silence.end': 'responder',
  'silence.save': 'responder',
  'swap.answer': 'responder',
  'task.add': 'responder',
  'task.assign': 'responder',
  'task.edit': 'responder',
  'task.set-done': 'responder',
  'view.delete': 'viewer',
  'update.decide': 'responder',
  'update.retry': 'responder',
  'update.withdraw': 'responder',
  'view.save': 'viewer',
};

/** Services that say that they were reached, whatever is asked of them. */
function unreachable(): never {
  return new Proxy(() => {}, {
    get: (_target, name) => (name === 'then' ? undefined : unreachable()),
    apply: () => {
      throw new AppError('unavailable', 'reached');
    },
  }) as never;
}

const services = new Proxy({}, { get: () => unreachable() }) as Services;
const router = createRouter(services);
const procedures = router._def.procedures as unknown as Record<string, AnyTRPCProcedure>;
const callers = ['anonymous', ...permissionRoles] as const;

function contextOf(caller: (typeof callers)[number]): Context {
  const actor: Actor | null =
    caller === 'anonymous'
      ? null
      : { userId: '00000000-0000-7000-8000-000000000001', name: caller, role: caller, teamIds: [], sessionId: null };
  return { actor, ip: '127.0.0.1', traceId: 't', idempotencyKey: null };
}

async function outcomeOf(
  path: string,
  caller: (typeof callers)[number],
): Promise<'allowed' | 'UNAUTHORIZED' | 'FORBIDDEN'> {
  const found = path
    .split('.')
    .reduce<unknown>(
      (place, name) => (place as Record<string, unknown>)[name],
      createCallerFactory(router)(contextOf(caller)),
    );
  try {
    const answer = await (found as (input: unknown) => Promise<unknown>)(undefined);
    if (procedures[path]?._def.type === 'subscription') for await (const _ of answer as AsyncIterable<unknown>) break;
  } catch (error) {
    if (error instanceof TRPCError && (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN')) return error.code;
  }
  return 'allowed';
}

function expectedOf(needed: PermissionRole | 'public', caller: (typeof callers)[number]): string {
  if (needed === 'public') return 'allowed';
  if (caller === 'anonymous') return 'UNAUTHORIZED';
  return roleAtLeast(caller, needed) ? 'allowed' : 'FORBIDDEN';
}

test('every procedure is in the table, and nothing else is', () => {
  expect(Object.keys(procedures).sort()).toEqual(Object.keys(procedureAccess).sort());
});

test('every procedure says of itself what the table says', () => {
  expect(
    Object.fromEntries(Object.entries(procedures).map(([path, procedure]) => [path, metaOf(procedure).access])),
  ).toEqual(procedureAccess);
});

describe.each(Object.entries(procedureAccess))('%s', (path, needed) => {
  test.each(callers)(`as %s (needs ${needed})`, async (caller) => {
    const expected = expectedOf(needed, caller);
    expect(await outcomeOf(path, caller)).toBe(expected);
  });
});

describe('actions', () => {
  test('the shared policy says what the table says', () => {
    expect(Object.fromEntries(Object.entries(actionPolicies).map(([kind, policy]) => [kind, policy.role]))).toEqual(
      actionAccess,
    );
  });

  const reached: string[] = [];
  const handlers = new Proxy(
    {},
    {
      get: (_target, kind: string) => async () => {
        reached.push(kind);
        return { outcome: 'applied', version: 1 };
      },
    },
  ) as IntentHandlers;
  const intents = createIntents({
    database: { withTransaction: (fn: (tx: null) => unknown) => fn(null) } as never,
    store: { claim: async () => null, answer: async () => {}, find: async () => null, forget: async () => {} } as never,
    handlers,
    clock: createFakeClock(Date.parse('2026-11-21T16:00:00.000Z')),
    logger: createMemoryLogger(),
  });

  describe.each(Object.entries(actionAccess))('%s', (kind, needed) => {
    test.each(permissionRoles)(`as %s (needs ${needed})`, async (role) => {
      const allowed = roleAtLeast(role, needed);
      const actor = contextOf(role).actor as Actor;
      reached.length = 0;
      const [result] = (await intents.submit(actor, [
        {
          id: '00000000-0000-7000-8000-00000000000a',
          at: '2026-11-21T16:00:00.000Z',
          baseVersion: null,
          dependsOn: null,
          action: { kind } as Action,
        },
      ])) as [IntentResult];
      expect(result).toMatchObject(allowed ? { outcome: 'applied' } : { outcome: 'rejected', code: 'forbidden' });
      expect(reached).toEqual(allowed ? [kind] : []);
    });
  });
});
