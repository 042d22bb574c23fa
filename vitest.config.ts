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
  'embedded/disk.integration.test.ts',
  'faults/mutations.integration.test.ts',
  'faults/postgres-crash.integration.test.ts',
  'scripts/bundle-server.test.ts',
  'sim/simulate.integration.test.ts',
  'paging-sim/simulate-paging.integration.test.ts',
  'replica/service.integration.test.ts',
  'api/hostile.integration.test.ts',
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

/** Put a database of their own among the globals. */
const withGlobals = [
  'src-renderer/replica/storage/dexie-storage.test.ts',
  'src-renderer/replica/storage/kept-copies.test.ts',
  'src-renderer/kept-here.test.ts',
];

/** Start, end and kill processes, or put a database of the browser among the globals. */
const withProcesses = [
  'server/database/embedded/**/*.integration.test.ts',
  'server/faults/**/*.integration.test.ts',
  'bench/**/*.test.ts',
];

// What only computes, values in and values out (the shell on a machine in memory), shares its processes: loading the same
// modules for each of 270 files anew costs as much as all of their tests. Afterwards come those with a database: of their
// own each, over the same modules. What touches more of the world than that has a process to itself.
// These say how busy a machine may be, and nothing of what is tested: what comes in time does not wait for them.
const patient = { expect: { poll: { timeout: 20_000 } }, testTimeout: 60_000, hookTimeout: 60_000 };
const computing = { ...patient, isolate: false, sequence: { groupOrder: 0 } } as const;
const shared = { ...patient, isolate: false, sequence: { groupOrder: 1 } } as const;
const apart = { ...patient, isolate: true, sequence: { groupOrder: 1 } } as const;
const withPostgres = { environment: 'node', globalSetup: ['server/testkit/postgres-global.ts'] };

export default defineConfig({
  test: {
    // Two cores, one of them for PostgreSQL.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...computing,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: ['server/**/*.integration.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          ...computing,
          name: 'renderer',
          include: ['src-renderer/**/*.test.{ts,tsx}'],
          exclude: withGlobals,
          environment: 'node',
        },
      },
      {
        test: {
          ...computing,
          name: 'shell',
          include: ['src-main/**/*.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          ...shared,
          ...withPostgres,
          name: 'integration',
          include: ['server/**/*.integration.test.ts'],
          exclude: withProcesses,
        },
      },
      { test: { ...apart, ...withPostgres, name: 'processes', include: withProcesses } },
      {
        test: {
          ...apart,
          name: 'tools',
          include: [...withGlobals, 'lint/**/*.test.ts', 'scripts/**/*.test.ts'],
          environment: 'node',
        },
      },
    ],
  },
});
