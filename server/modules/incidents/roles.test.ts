import { describe, expect, it } from 'vitest';
import {
  decideAcceptRole,
  decideDeclineRole,
  decideOfferRole,
  decideReleaseRole,
  decideTakeRole,
} from '#server/modules/incidents/roles.ts';
import { next, people, someFacts, teamA } from '#server/testkit/incident-facts.ts';
import { anIncident } from '#server/testkit/incidents.ts';

const { mara, diego, sam, vera, otto, gone } = people;
const since = '2026-11-21T12:30:00.000Z';
const vacant = anIncident();
const held = anIncident({
  version: 3,
  roles: [{ role: 'commander', userId: diego.id, since, offer: null }],
  fieldVersions: { 'role:commander': 3 },
});
const offered = anIncident({
  version: 4,
  roles: [{ role: 'commander', userId: diego.id, since, offer: { to: mara.id, by: diego.id, at: since } }],
  fieldVersions: { 'role:commander': 4 },
});

describe('taking a role', () => {
  it('works while it is vacant, for the named ones and for any other word', () => {
    expect(decideTakeRole(vacant, 'commander', someFacts())).toMatchObject({
      outcome: 'applied',
      next: {
        roles: [{ role: 'commander', userId: mara.id, since: '2026-11-21T13:00:00.000Z' }],
        fieldVersions: { 'role:commander': 2 },
      },
      entries: [{ kind: 'role', text: 'Mara took command' }],
    });
    expect(decideTakeRole(vacant, 'database', someFacts())).toMatchObject({
      entries: [{ text: 'Mara took the role database' }],
    });
  });

  it('never takes it from its holder', () => {
    expect(decideTakeRole(held, 'commander', someFacts())).toEqual({
      outcome: 'conflict',
      reason: 'Diego holds it',
      entries: [{ kind: 'conflict', text: 'Mara wanted to take commander; Diego holds it' }],
    });
    expect(decideTakeRole(held, 'commander', someFacts({ by: 'sam' })).outcome).toBe('conflict');
  });

  it('is a no-op for the holder, and accepts an offer for who has one', () => {
    expect(decideTakeRole(held, 'commander', someFacts({ by: 'diego' }))).toMatchObject({
      outcome: 'noop',
      by: 'Diego',
      at: since,
    });
    expect(next(decideTakeRole(offered, 'commander', someFacts())).roles).toMatchObject([
      { userId: mara.id, offer: null },
    ]);
  });
});

describe('offering a role', () => {
  it('leaves it with its holder until it is accepted', () => {
    const decision = decideOfferRole(held, 'commander', mara.id, someFacts({ by: 'diego' }));
    expect(next(decision).roles).toEqual([
      {
        role: 'commander',
        userId: diego.id,
        since,
        offer: { to: mara.id, by: diego.id, at: '2026-11-21T13:00:00.000Z' },
      },
    ]);
    expect(decision).toMatchObject({ entries: [{ text: 'Diego offered commander to Mara' }] });
  });

  it('is for the holder and for managers; a vacant one anybody may offer', () => {
    expect(decideOfferRole(held, 'commander', sam.id, someFacts())).toMatchObject({
      outcome: 'rejected',
      code: 'forbidden',
    });
    expect(decideOfferRole(held, 'commander', mara.id, someFacts({ by: 'sam' })).outcome).toBe('applied');
    expect(decideOfferRole(vacant, 'scribe', diego.id, someFacts()).outcome).toBe('applied');
  });

  it('conflicts for who was its holder on an older copy', () => {
    expect(decideOfferRole(held, 'commander', sam.id, someFacts({ baseVersion: 2 })).outcome).toBe('conflict');
  });

  it('is refused for people who could not do it', () => {
    const by = someFacts({ by: 'diego' });
    expect(decideOfferRole(held, 'commander', vera.id, by)).toMatchObject({ code: 'invalid' });
    expect(decideOfferRole(held, 'commander', gone.id, by)).toMatchObject({ code: 'not-found' });
    expect(decideOfferRole({ ...held, restrictedTo: [teamA] }, 'commander', otto.id, by)).toMatchObject({
      code: 'invalid',
    });
  });

  it('again to the same person, or to the holder, is a no-op; to another person it replaces the first', () => {
    expect(decideOfferRole(offered, 'commander', mara.id, someFacts({ by: 'diego' }))).toMatchObject({
      outcome: 'noop',
      by: 'Diego',
    });
    expect(decideOfferRole(held, 'commander', diego.id, someFacts({ by: 'diego' })).outcome).toBe('noop');
    expect(decideOfferRole(offered, 'commander', sam.id, someFacts({ by: 'diego' }))).toMatchObject({
      entries: [{ detail: 'Instead of Mara' }],
    });
  });
});

describe('answering an offer', () => {
  it('accepting hands it over and says from whom', () => {
    const decision = decideAcceptRole(offered, 'commander', someFacts());
    expect(next(decision).roles).toMatchObject([{ userId: mara.id, since: '2026-11-21T13:00:00.000Z', offer: null }]);
    expect(decision).toMatchObject({ entries: [{ text: 'Mara accepted commander from Diego' }] });
  });

  it('accepting one that is gone conflicts with what is', () => {
    expect(decideAcceptRole(held, 'commander', someFacts())).toMatchObject({
      outcome: 'conflict',
      reason: 'The offer is gone and Diego holds it',
    });
    expect(decideAcceptRole(vacant, 'commander', someFacts())).toMatchObject({
      reason: 'The offer is gone and it is vacant',
    });
  });

  it('declining leaves it where it was', () => {
    const decision = decideDeclineRole(offered, 'commander', someFacts());
    expect(next(decision).roles).toMatchObject([{ userId: diego.id, offer: null }]);
    expect(decision).toMatchObject({ entries: [{ text: 'Mara declined commander; Diego keeps it' }] });
  });

  it('who offered it can take the offer back, a stranger cannot', () => {
    expect(decideDeclineRole(offered, 'commander', someFacts({ by: 'diego' }))).toMatchObject({
      entries: [{ text: 'Diego took back the offer of commander to Mara; Diego keeps it' }],
    });
    expect(decideDeclineRole(offered, 'commander', someFacts({ by: 'otto' }))).toMatchObject({ code: 'forbidden' });
    expect(decideDeclineRole(held, 'commander', someFacts()).outcome).toBe('noop');
  });
});

describe('letting go of a role', () => {
  it('is for its holder and for managers, who are named for it', () => {
    expect(next(decideReleaseRole(held, 'commander', someFacts({ by: 'diego' }))).roles).toEqual([]);
    expect(decideReleaseRole(held, 'commander', someFacts())).toMatchObject({ code: 'forbidden' });
    expect(decideReleaseRole(held, 'commander', someFacts({ by: 'sam' }))).toMatchObject({
      entries: [{ text: 'Sam released Diego from commander' }],
    });
  });

  it('is a no-op when it is vacant and conflicts when somebody else has it since', () => {
    expect(decideReleaseRole(vacant, 'commander', someFacts()).outcome).toBe('noop');
    expect(decideReleaseRole(held, 'commander', someFacts({ baseVersion: 1 })).outcome).toBe('conflict');
  });
});
