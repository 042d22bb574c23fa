import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begun first, or one of them would still run on one core when all the others are done. */
const longest = [
  'paging-sim/simulate-paging.test.ts',
  'sim/simulate.test.ts',
  'replica/histories.test.ts',
  'oncall/r12.test.ts',
  'incidents/outbox.sim.test.ts',
  'paging-sim/explore.test.ts',
  'importers/equivalence.test.ts',
  'auth/passwords.test.ts',
  'api/http-hostile.test.ts',
  'embedded/start.integration.test.ts',
  'sim/simulate.integration.test.ts',
  'paging-sim/simulate-paging.integration.test.ts',
  'faults/postgres-crash.integration.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Puts a database of its own among the globals. */
const withGlobals = 'src-renderer/replica/dexie-storage.test.ts';

// What only computes, values in and values out, shares its processes: loading the same modules for each of 130 files anew
// costs as much as all of their tests. Everything that touches the world has a process to itself, and runs afterwards.
const shared = { isolate: false, sequence: { groupOrder: 0 } } as const;
const apart = { isolate: true, sequence: { groupOrder: 1 } } as const;

export default defineConfig({
  test: {
    // Two cores, one of them for PostgreSQL.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: ['server/**/*.integration.test.ts'],
          environment: 'node',
          testTimeout: 15_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'renderer',
          include: ['src-renderer/**/*.test.{ts,tsx}'],
          exclude: [withGlobals],
          environment: 'node',
        },
      },
      {
        test: {
          ...apart,
          name: 'integration',
          include: ['server/**/*.integration.test.ts', 'bench/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['server/testkit/postgres-global.ts'],
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...apart,
          name: 'main',
          include: [withGlobals, 'src-main/**/*.test.ts', 'lint/**/*.test.ts', 'scripts/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
    ],
  },
});
