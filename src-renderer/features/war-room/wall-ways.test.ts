import { describe, expect, it } from 'vitest';
import { type Box, wayOf, type Ways } from './wall-ways.ts';

const box = (column: number, row: number): Box => ({ x: column * 8, y: row * 3, width: 5, column });
const ways = (boxes: Box[]): Ways => ({ boxes, height: 2, gapX: 3, stepY: 3, rows: 2, fine: 10 });

describe('lines of the map on the wall', () => {
  it('go straight to the neighbour, with a head', () => {
    const [a, b] = [box(0, 0), box(1, 0)];
    expect(wayOf(a, b, ways([a, b]))).toBe('M50 10C65 10 65 10 80 10M77 8L80 10L77 12');
  });

  it('go between the rows where a box that is not called stands in the way', () => {
    const [a, b, c] = [box(0, 0), box(1, 0), box(2, 0)];
    const way = wayOf(a, c, ways([a, b, c]));
    expect(way).toContain('80 25L130 25');
    expect(way.startsWith('M50 10')).toBe(true);
    expect(way).toContain('160 10');
  });

  it('stay straight where nothing stands in the way, or no lane is free', () => {
    const [a, c, below] = [box(0, 0), box(2, 0), box(1, 1)];
    expect(wayOf(a, c, ways([a, c, below]))).not.toContain('L130');
    const middle = { ...box(1, 0), y: 1.5 };
    const low = { ...box(2, 0), y: 1.5 };
    expect(wayOf({ ...a, y: 1.5 }, low, ways([middle, low]))).not.toContain('L130');
  });
});
