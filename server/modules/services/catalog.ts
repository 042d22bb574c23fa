import type { Tx } from '#server/database/transaction.ts';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import type { ServiceStore } from '#server/modules/services/store.ts';

/** One index a revision: a batch of alerts asks for one number, and reads services only after somebody edited them. */
export function createCatalog(services: Pick<ServiceStore, 'revision' | 'entries'>): Catalog {
  let known = createCatalogIndex(0, []);
  return {
    async index(tx: Tx) {
      const revision = await services.revision(tx);
      // What is read after the number is at least as new as it: at worst it is read once more.
      if (revision !== known.revision) known = createCatalogIndex(revision, await services.entries(tx));
      return known;
    },
  };
}
