import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { ConfigReader, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { configStore } from '#server/modules/config/store.ts';

const keptConfigs = 3;

/** One small query when nothing changed. Documents that did not change are the same objects in the next configuration. */
export function createConfigReader(): ConfigReader {
  const kept = new Map<string, PagingConfig>();
  let objects = new Map<string, StoredDocument>();

  return {
    async current(sql: SqlReader | Tx) {
      const known = kept.get(await configStore.stamp(sql));
      if (known !== undefined) return known;
      const next = new Map<string, StoredDocument>();
      const { stamp, config } = await configStore.load(sql, (key, make) => {
        const document = objects.get(key) ?? make();
        next.set(key, document);
        return document;
      });
      objects = next;
      kept.delete(stamp);
      kept.set(stamp, config);
      const [oldest] = kept.keys();
      if (kept.size > keptConfigs && oldest !== undefined) kept.delete(oldest);
      return config;
    },
  };
}
