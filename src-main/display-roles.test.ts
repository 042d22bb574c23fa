import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Display, type KeptWall, matchKept, wallRoles, wallsWanted, withSetup } from './display-roles.ts';

const usual = { diagonalInches: 55, distanceMetres: 5 };

function display(id: string, change: Partial<Display> = {}): Display {
  return { id, name: 'TV', x: 0, y: 0, width: 1_920, height: 1_080, primary: false, ...change };
}

function keptOf({ primary: _primary, ...place }: Display, role: KeptWall['role']): KeptWall {
  return { ...usual, role, display: place };
}

describe('what a display is for', () => {
  it('is remembered by its id, else by where it stood, else by its name and size', () => {
    const kept = [keptOf(display('1'), 'facts'), keptOf(display('2', { x: 1_920 }), 'map')];
    const roles = (displays: Display[]) =>
      Object.fromEntries([...matchKept(displays, kept)].map(([id, { role }]) => [id, role]));
    expect(roles([display('2', { x: 0 }), display('1', { x: 1_920 })])).toEqual({ 1: 'facts', 2: 'map' });
    expect(roles([display('9', { x: 1_920 }), display('8')])).toEqual({ 8: 'facts', 9: 'map' });
    expect(roles([display('9', { x: 77 }), display('2', { x: 1_920 })])).toEqual({ 2: 'map', 9: 'facts' });
    expect(roles([display('9', { width: 3_840 })])).toEqual({});
  });

  it('goes to one display each, and is never made up', () => {
    const some = fc.record({
      id: fc.constantFrom('1', '2', '3', '4'),
      name: fc.constantFrom('TV', 'Desk'),
      x: fc.constantFrom(0, 1_920),
      width: fc.constantFrom(1_920, 3_840),
    });
    const displays = fc.uniqueArray(some, { selector: ({ id }) => id, maxLength: 4 });
    fc.assert(
      fc.property(displays, displays, (were, are) => {
        const kept = were.map((one) => keptOf(display(one.id, one), 'facts'));
        const matched = matchKept(
          are.map((one) => display(one.id, one)),
          kept,
        );
        expect(new Set(matched.values()).size).toBe(matched.size);
        for (const one of are) {
          const own = kept.find((wall) => wall.display.id === one.id);
          expect(own === undefined || matched.get(one.id) === own).toBe(true);
        }
      }),
    );
  });
});

describe('the walls of a machine', () => {
  it('are never without the facts while something is open, whatever is plugged in and pulled out', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('plug' as const), id: fc.constantFrom('1', '2', '3', '4') }),
      fc.record({ kind: fc.constant('pull' as const), id: fc.constantFrom('1', '2', '3', '4') }),
      fc.record({
        kind: fc.constant('assign' as const),
        id: fc.constantFrom('1', '2', '3', '4'),
        role: fc.option(fc.constantFrom(...wallRoles)),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let there = [display('0', { name: 'Laptop', primary: true })];
        let kept: KeptWall[] = [];
        for (const one of steps) {
          const own = display(one.id, { name: `TV ${one.id}` });
          if (one.kind === 'plug' && !there.some(({ id }) => id === one.id)) there = [...there, own];
          if (one.kind === 'pull') there = there.filter(({ id }) => id !== one.id);
          if (one.kind === 'assign') {
            kept = withSetup(there, kept, own, one.role === null ? null : { ...usual, role: one.role });
          }
          const open = wallsWanted(there, kept, true);
          expect(new Set(open.map((wall) => wall.display.id)).size).toBe(open.length);
          expect(open.length > 0).toBe(kept.length > 0);
          for (const wall of open) expect(there).toContain(wall.display);
          // On a display that nobody gave to the wall it covers nothing, and shows the facts.
          expect(open.every((wall) => wall.fills || (wall.role === 'facts' && wall.display.id === '0'))).toBe(true);
          expect(wallsWanted(there, kept, false).every(({ fills }) => fills)).toBe(true);
        }
      }),
    );
  });

  it('forget a display that is told to show nothing, and only that one', () => {
    const [one, two] = [display('1'), display('2', { x: 1_920 })] as const;
    const both = withSetup([one, two], withSetup([one, two], [], one, { ...usual, role: 'facts' }), two, {
      ...usual,
      role: 'map',
    });
    expect(both.map(({ role }) => role)).toEqual(['facts', 'map']);
    expect(withSetup([one, two], both, one, null).map(({ role }) => role)).toEqual(['map']);
    const changed = withSetup([one], both, one, { ...usual, role: 'timeline' });
    expect(changed.map(({ role }) => role)).toEqual(['map', 'timeline']);
  });
});
