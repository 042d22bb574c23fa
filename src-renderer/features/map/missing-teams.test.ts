import { expect, it } from 'vitest';
import { sampleService } from '../../testkit/sample-services.ts';
import { mapGraph } from './map-graph.ts';
import { missingTeams } from './missing-teams.ts';

const service = (n: number, name: string, teamId: string | null) => ({ ...sampleService(n, name, {}), teamId });
const graph = mapGraph([service(1, 'payments', 'pay'), service(2, 'search', 'find'), service(3, 'edge', null)]);
const firing = (name: string, status: 'firing' | 'resolved' = 'firing') => ({ service: name, serviceId: null, status });

it('names the teams whose services hurt and who have nobody in the room, with those services', () => {
  const alerts = [firing('payments'), firing('payments'), firing('search'), firing('edge'), firing('nobody’s')];
  const room = (...userIds: string[]) => userIds.map((userId) => ({ userId, releasedAt: null }));
  const teamIdsOf = (userId: string) => (userId === 'mara' ? ['find'] : []);
  const missing = (participants: Parameters<typeof missingTeams>[0]['participants']) => [
    ...missingTeams({ graph, alerts, participants, teamIdsOf }),
  ];
  expect(missing(room('mara', 'jo'))).toEqual([['pay', ['payments']]]);
  // Who was released is not there any more; what is over needs nobody.
  expect(missing([{ userId: 'mara', releasedAt: '2026-11-22T05:00:00.000Z' }]).map(([id]) => id)).toEqual([
    'pay',
    'find',
  ]);
  expect([...missingTeams({ graph, alerts: [firing('search', 'resolved')], participants: [], teamIdsOf })]).toEqual([]);
});
