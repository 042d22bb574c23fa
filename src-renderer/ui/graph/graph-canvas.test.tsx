import { ReactFlowProvider, useStoreApi } from '@xyflow/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { keepMeasures } from './graph-canvas.tsx';

const nodes = [
  { id: 'a', position: { x: 10, y: 20 }, data: {}, width: 168, height: 56, measured: { width: 168, height: 56 } },
];

type Store = ReturnType<typeof useStoreApi>;

function Inside({ tell }: { tell: (store: Store) => void }) {
  tell(useStoreApi());
  return null;
}

function createStore(): Store {
  const told: Store[] = [];
  renderToStaticMarkup(
    <ReactFlowProvider initialNodes={nodes}>
      <Inside tell={(store) => told.push(store)} />
    </ReactFlowProvider>,
  );
  return told[0]!;
}

it('leaves nodes as they are when they come to stand, and fits them into sight', () => {
  const store = createStore();
  keepMeasures(store);
  store.setState({ fitViewQueued: true });
  const before = store.getState().nodeLookup.get('a');
  const nodeElement = { getBoundingClientRect: () => expect.fail('it was measured') } as unknown as HTMLDivElement;
  store.getState().updateNodeInternals(new Map([['a', { id: 'a', nodeElement, force: true }]]));
  expect(before).toBeDefined();
  expect(store.getState().nodeLookup.get('a')).toBe(before);
  expect(store.getState().fitViewQueued).toBe(false);
});
