import { describe, expect, it } from 'vitest';
import type { WallState } from '../war-room/wall-link.ts';
import { leadOf, nextPicture, picturesOf, startLeading } from './leading.ts';

const wall = (id: string, pictures: WallState['pictures']): WallState => ({
  kind: 'wall',
  id,
  role: 'facts',
  width: 1,
  height: 1,
  picture: null,
  pictures,
  held: false,
  strips: [],
  names: false,
});

describe('a presenter', () => {
  it('offers what some wall can show, in one order', () => {
    expect(picturesOf([wall('a', ['changes']), wall('b', ['alerts', 'map'])])).toEqual(['map', 'alerts', 'changes']);
    expect(picturesOf([])).toEqual([]);
  });

  it('steps round both ways, and begins at an end', () => {
    const there = ['map', 'alerts', 'changes'] as const;
    expect(nextPicture('changes', there, 1)).toBe('map');
    expect(nextPicture('map', there, -1)).toBe('changes');
    expect(nextPicture(null, there, 1)).toBe('map');
    expect(nextPicture('timeline', there, -1)).toBe('changes');
    expect(nextPicture('map', [], 1)).toBe(null);
  });

  it('speaks no more of an incident that is closed', () => {
    const leading = { ...startLeading(5), focus: 'i' };
    expect(leadOf('p', leading, ['i'])).toMatchObject({ id: 'p', since: 5, focus: 'i', picture: null, names: null });
    expect(leadOf('p', leading, ['j']).focus).toBe(null);
  });
});
