import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WallRole, wallRoles } from '../../../src-main/display-roles.ts';
import { type Seat, wallPlan } from './wall-plan.ts';

const seat = (id: string, width = 1_920, height = 1_080): Seat => ({ id, width, height });
const incidents = ['a', 'b'];

describe('what each display shows', () => {
  it('is what its role says', () => {
    const roles = new Map<string, WallRole>([
      ['1', 'facts'],
      ['2', 'map'],
    ]);
    const plan = wallPlan([seat('1'), seat('2')], roles, incidents);
    expect(plan.get('1')).toEqual({ facts: incidents, pictures: ['timeline', 'alerts', 'changes'] });
    expect(plan.get('2')).toEqual({ facts: null, pictures: ['map'] });
  });

  it('is everything where there is one display, and the facts on the largest where theirs is gone', () => {
    expect(wallPlan([seat('1')], new Map(), incidents).get('1')).toEqual({
      facts: incidents,
      pictures: ['map', 'timeline', 'alerts', 'changes'],
    });
    const roles = new Map<string, WallRole>([
      ['2', 'map'],
      ['3', 'timeline'],
    ]);
    const left = wallPlan([seat('2'), seat('3', 3_840, 2_160)], roles, incidents);
    expect(left.get('3')).toEqual({ facts: incidents, pictures: ['timeline'] });
    expect(left.get('2')).toEqual({ facts: null, pictures: ['map'] });
  });

  it('never loses a fact nor a picture, whatever displays come and go', () => {
    const step = fc.record({
      id: fc.constantFrom('1', '2', '3', '4', '5'),
      role: fc.constantFrom(...wallRoles),
      width: fc.constantFrom(1_080, 1_920, 3_840),
      there: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.uuid(), { maxLength: 5 }), (steps, open) => {
        let seats: Seat[] = [];
        const roles = new Map<string, WallRole>();
        for (const { id, role, width, there } of steps) {
          seats = seats.filter((one) => one.id !== id);
          if (there) seats = [...seats, seat(id, width)];
          roles.set(id, role);
          const plan = wallPlan(seats, roles, open);
          expect([...plan.keys()].toSorted()).toEqual(seats.map((one) => one.id).toSorted());
          if (seats.length === 0) continue;
          const plans = [...plan.values()];
          expect(plans.some(({ facts }) => facts === open)).toBe(true);
          for (const own of plans) expect(own.facts === null || own.facts === open).toBe(true);
          for (const own of plans) expect(own.pictures.length).toBeGreaterThan(0);
          // Every display comes to the same plan, whatever order it heard of the others in.
          expect(wallPlan(seats.toReversed(), roles, open)).toEqual(plan);
          const shown = new Set(plans.flatMap(({ pictures }) => pictures));
          const turns = plans.some(({ pictures }) => pictures.includes('alerts'));
          expect(!turns || shown.size === 4).toBe(true);
        }
      }),
    );
  });
});
