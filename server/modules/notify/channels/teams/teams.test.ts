import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { adaptiveCard } from '#server/modules/notify/channels/teams/card.ts';
import { teamsChannel } from '#server/modules/notify/channels/teams/teams.ts';
import { aDigest, aMessage, aSendContext, fakeProvider, hostileText } from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';

interface CardLibrary {
  AdaptiveCard: new () => {
    parse(card: unknown, context: unknown): void;
    validateProperties(): { validationEvents: { message: string }[] };
    toJSON(): unknown;
  };
  SerializationContext: new (version: unknown) => { eventCount: number; getEventAt(i: number): { message: string } };
  Versions: { v1_5: unknown };
}

/** Everything that Microsoft's own reader of cards says about one. */
function complaints(card: unknown): string[] {
  // Its bundle looks for a browser's window when it loads, and not when it parses.
  Object.assign(globalThis, { window: globalThis });
  const require = createRequire(import.meta.url);
  const library = require('adaptivecards/dist/adaptivecards.js') as CardLibrary;
  Reflect.deleteProperty(globalThis, 'window');
  const context = new library.SerializationContext(library.Versions.v1_5);
  const read = new library.AdaptiveCard();
  read.parse(card, context);
  const parsing = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  return [...parsing, ...read.validateProperties().validationEvents.map(({ message }) => message)];
}

const send = (url: string, message = aMessage()) =>
  teamsChannel.send(aSendContext({}, { url: `${url}/workflows/1/triggers/manual?sig=abcdefgh` }), message);

const messages = {
  one: aMessage({ purpose: 'page', link: 'https://tocsin.example/p/abc' }),
  resolved: aMessage({ incidents: [aDigest({ status: 'resolved', resolvedAt: '2026-11-21T13:10:00.000Z' })] }),
  several: aMessage({ incidents: Array.from({ length: 14 }, (_, i) => aDigest({ id: testId(i), severity: 'sev2' })) }),
  test: aMessage({ incidents: [], purpose: 'test' }),
  code: aMessage({ incidents: [], purpose: 'verify', code: '482913' }),
  hostile: aMessage({
    summary: hostileText,
    text: hostileText,
    incidents: [aDigest({ title: hostileText, impact: hostileText })],
  }),
};

describe('an Adaptive Card for Teams', () => {
  it.each(Object.entries(messages))('is read by the official library without a complaint (%s)', (_name, message) => {
    expect(complaints(adaptiveCard(message))).toEqual([]);
  });

  it('would be complained about if it were wrong', () => {
    const card = adaptiveCard(messages.one);
    expect(complaints({ ...card, body: [{ type: 'RichTextBox', inlines: [] }] })).not.toEqual([]);
    expect(complaints({ ...card, body: [{ type: 'TextBlock', text: 'x', weight: 'Fat' }] })).not.toEqual([]);
  });

  it('puts text of alerts into runs only, which know neither links nor mentions', () => {
    for (const message of [
      messages.hostile,
      aMessage({ ...messages.hostile, incidents: [aDigest({ title: hostileText }), aDigest()] }),
    ]) {
      const card = adaptiveCard(message);
      for (const { type, inlines } of card.body) {
        expect(type).toBe('RichTextBlock');
        for (const { type: inline } of inlines) expect(inline).toBe('TextRun');
      }
      expect(card.fallbackText).not.toMatch(/[[\]<>*`]/);
      expect(JSON.stringify(card)).not.toMatch(/\\u0000|\u202E|"entities"/);
    }
  });

  it('has buttons that lead to the web only', () => {
    const incident = aDigest({ runbookUrl: 'javascript:alert(1)', sourceUrl: 'file:///etc/passwd' });
    expect(adaptiveCard(aMessage({ incidents: [incident], appUrl: 'tocsin://incident/1' })).actions).toEqual([]);
    expect(adaptiveCard(messages.one).actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open', url: 'https://tocsin.example/p/abc' },
      { type: 'Action.OpenUrl', title: 'Runbook', url: 'https://runbooks.example/checkout' },
    ]);
  });
});

describe('Teams', () => {
  it('gets the card in the envelope that Workflows takes', async () => {
    const teams = await fakeProvider(() => ({ status: 202 }));
    expect(await send(teams.url)).toMatchObject({ outcome: 'accepted', arrived: true });
    expect(teams.calls[0]).toMatchObject({
      method: 'POST',
      path: '/workflows/1/triggers/manual?sig=abcdefgh',
      json: {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: adaptiveCard(aMessage()),
          },
        ],
      },
    });
    expect(teams.calls[0]?.text.length).toBeLessThan(28_000);
  });

  it.each([
    [{ status: 200, body: '1' }, 'accepted'],
    [{ status: 200, body: '' }, 'accepted'],
    [{ status: 202, body: '{"runId":"1"}' }, 'accepted'],
    [
      {
        status: 200,
        body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
      },
      'failed',
    ],
    [{ status: 200, body: '<html></html>' }, 'failed'],
    [{ status: 400, body: '{"error":{"code":"TriggerInputSchemaMismatch"}}' }, 'failed'],
  ])('answers %j, which counts as %s', async (answer, outcome) => {
    const teams = await fakeProvider(() => answer);
    expect(await send(teams.url)).toMatchObject({ outcome, response: answer.body });
  });
});
