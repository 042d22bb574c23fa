// Editing the catalog by hand. A change applies to alerts from their next signal on.
import type { IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';
import { catalogProblems, editCatalog } from '#server/modules/services/edit.ts';
import { publicService } from '#server/modules/services/state.ts';
import type { ServiceStore } from '#server/modules/services/store.ts';

type ServiceKinds = 'service.save' | 'service.delete' | 'service.pin';

export function createServiceIntents({ services }: { services: ServiceStore }): IntentHandlers<ServiceKinds> {
  return {
    async 'service.save'(tx, { actor, intent, at }) {
      const { serviceId: id, draft } = intent.action;
      await services.lock(tx);
      const all = await services.all(tx);
      const known = all.find((service) => service.id === id);
      if (known !== undefined && intent.baseVersion !== null && known.draftVersion > intent.baseVersion) {
        const current = publicService(known);
        return { outcome: 'conflict', reason: 'Somebody changed this service since.', entity: 'service', current };
      }
      if (draft.teamId !== null && !(await services.teams(tx)).some((team) => team.id === draft.teamId)) {
        return invalid('Team: this team is not there any more. Choose another one.');
      }
      const version = known === undefined ? await services.firstVersion(tx, id) : known.version + 1;
      const save = [{ id, draft, source: 'hand' as const, version }];
      const edited = editCatalog(all, { at, by: actor.userId, save, remove: new Set() });
      const after = new Map(all.map((service) => [service.id, service]));
      for (const service of edited.saved) after.set(service.id, service);
      const problem = catalogProblems([...after.values()])[0];
      if (problem !== undefined) return invalid(problem.reason);
      await services.save(tx, at, edited.saved);
      await services.raise(tx);
      return { outcome: 'applied', version };
    },

    async 'service.delete'(tx, { intent, at }) {
      await services.lock(tx);
      const known = await services.byId(tx, intent.action.serviceId);
      if (known === null) return { outcome: 'noop', by: null, at: null, reason: 'The service is gone already.' };
      await services.remove(tx, at, [known]);
      await services.raise(tx);
      return { outcome: 'applied', version: null };
    },

    async 'service.pin'(tx, { actor, intent, at }) {
      const { serviceId, pin } = intent.action;
      await services.lock(tx);
      const known = await services.byId(tx, serviceId);
      if (known === null)
        return { outcome: 'rejected', code: 'not-found', reason: 'The service is not there any more.' };
      const next = { ...known, pin, version: known.version + 1, updatedBy: actor.userId, updatedAt: at };
      await services.save(tx, at, [next]);
      return { outcome: 'applied', version: next.version };
    },
  };
}

function invalid(reason: string): IntentOutcome {
  return { outcome: 'rejected', code: 'invalid', reason };
}
