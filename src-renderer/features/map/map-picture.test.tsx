import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadCanvas } from '../../ui/graph/load-graph.ts';
import { MapPicture } from './map-picture.tsx';
import type { Scene } from './scene.ts';

const scene: Scene = {
  key: 'all',
  nodes: [{ id: 'a', name: 'checkout', members: ['a'], opens: null, distance: null }],
  edges: [],
  left: 0,
};

beforeAll(() => {
  vi.stubGlobal('window', { innerWidth: 1_280 });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

it('draws at once what is here already, without a word of waiting that would stay for 300 ms', async () => {
  await loadCanvas();
  const drawn = renderToStaticMarkup(
    <MapPicture
      scene={scene}
      placed={{ key: 'all', places: new Map([['a', { x: 0, y: 0 }]]), plain: null }}
      fresh
      centre={undefined}
      graphRef={{ current: null }}
      nodes={[]}
      edges={[]}
      region={[]}
      captions={[]}
      onPress={() => undefined}
      onOpen={() => undefined}
      onMove={() => undefined}
    />,
  );
  expect(drawn).toContain('react-flow');
  expect(drawn).not.toContain('map-working');
});
