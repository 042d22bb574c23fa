import { describe, expect, it } from 'vitest';
import { sampleAlert } from './sample-alerts.ts';
import { tellingLabels } from './telling-label.ts';
import { shortWhy } from './why-words.ts';

describe('why grouped, in a column', () => {
  it('says what is the same, with how many, and when', () => {
    expect(shortWhy('Same service “checkout” as 2 others, 42 s after the first; rule “By service”.')).toBe(
      'service checkout, +2, 42 s',
    );
    expect(shortWhy('Same service “checkout” as 1 other; rule “By service”. Merged.')).toBe('service checkout, +1');
    expect(shortWhy('Together with 3 others, 5 min after the first; rule “All”.')).toBe('together, +3, 5 min');
    expect(shortWhy('First alert with service “checkout”; rule “By service” opened the incident.')).toBe(
      'service checkout, first',
    );
    expect(
      shortWhy('One of 3 alerts with service “checkout” that came together; rule “By service” opened the incident.'),
    ).toBe('service checkout, first 3');
  });

  it('does not repeat the service that stands beside it', () => {
    const short = (reason: string) => shortWhy(reason, 'checkout');
    expect(short('Same service “checkout” as 2 others, 42 s after the first; rule “By service”.')).toBe(
      'same service, +2, 42 s',
    );
    expect(short('First alert with service “checkout”; rule “By service” opened the incident.')).toBe(
      'by service, first',
    );
    expect(
      short('One of 3 alerts with service “checkout” that came together; rule “By service” opened the incident.'),
    ).toBe('by service, first 3');
    expect(short('Same service “checkout” and env “prod” as 1 other; rule “By both”.')).toBe(
      'service checkout and env prod, +1',
    );
    expect(short('Same service “search” as 1 other; rule “By service”.')).toBe('service search, +1');
  });

  it('says of connected services what the other one is to it', () => {
    const short = (reason: string) => shortWhy(reason, 'checkout');
    const rest = '(db ← checkout), 1 s after the first; rule “By service”.';
    expect(short(`“checkout” depends on “db”, where an alert fires ${rest}`)).toBe('depends on db, 1 s');
    expect(short(`“web”, where an alert fires, depends on “checkout” ${rest}`)).toBe('web depends on it, 1 s');
    expect(short(`“checkout” and “web”, where an alert fires, both depend on “db” ${rest}`)).toBe(
      'as web, depends on db, 1 s',
    );
    expect(short('Another alert on “checkout” is in the incident; rule “By service”.')).toBe('same service');
    const ofAnother = `“search” depends on “db”, where an alert fires ${rest}`;
    expect(short(ofAnother)).toBe(ofAnother);
  });

  it('reads what older servers wrote', () => {
    expect(shortWhy('Same service "checkout" as 2 others, 42 s after the first; rule "By service".', 'checkout')).toBe(
      'same service, +2, 42 s',
    );
    expect(shortWhy('First alert; rule "All" opened the incident.')).toBe('rule All, first');
  });

  it('keeps a sentence that it does not know', () => {
    expect(shortWhy('Attached by Mara.')).toBe('Attached by Mara.');
  });
});

describe('what tells alerts apart', () => {
  const alert = (i: number, title: string, labels: Record<string, string>) =>
    sampleAlert(i, { title, service: 'checkout', labels });

  it('is the label that differs among those of one title and service', () => {
    const alerts = [
      alert(0, 'Slow', { instance: 'a:9100', job: 'node' }),
      alert(1, 'Slow', { instance: 'b:9100', job: 'node' }),
      alert(2, 'Full', { instance: 'a:9100' }),
    ];
    expect(alerts.map(tellingLabels(alerts))).toEqual(['a:9100', 'b:9100', null]);
  });

  it('is nothing where the title says it already, or nothing differs', () => {
    const named = [alert(0, 'Slow', { shard: '1' }), alert(1, 'Slow', { shard: '1' })];
    expect(named.map(tellingLabels(named))).toEqual([null, null]);
    const said = [alert(0, 'a:1 slow', { instance: 'a:1' }), alert(1, 'a:1 slow', { instance: 'b:1' })];
    expect(said.map(tellingLabels(said))).toEqual([null, 'b:1']);
  });

  it('takes any differing label where none of the usual ones does', () => {
    const alerts = [alert(0, 'Slow', { shard: '1', env: 'prod' }), alert(1, 'Slow', { shard: '2', env: 'prod' })];
    expect(alerts.map(tellingLabels(alerts))).toEqual(['1', '2']);
  });
});
