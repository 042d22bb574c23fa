import { describe, expect, it } from 'vitest';
import { sampleNowMs } from './sample-alerts.ts';
import { heatBins, heatRowsMax, heatSpan, heatWords, stormHeat } from './storm-heat.ts';

const span = heatSpan(1, sampleNowMs);
const minute = (i: number) => new Date(span.fromMs + i * 60_000 + 5).toISOString();
const alert = (service: string | null, from: number, to: number | null) => ({
  service,
  firstSeenAt: minute(from),
  resolvedAt: to === null ? null : minute(to),
});

describe('the storm as a picture', () => {
  it('counts an alert in every cell in which it fired, from before the span to now', () => {
    const { rows } = stormHeat([alert('checkout', -90, 1), alert('checkout', 1, null), alert('search', -9, -1)], span);
    expect(rows.map((row) => row.service)).toEqual(['checkout']);
    expect(rows[0]?.counts).toEqual([1, 2, ...Array(heatBins - 2).fill(1)]);
  });

  it('ends with the running cell and moves on by whole cells', () => {
    expect(span.fromMs + heatBins * span.binMs).toBeGreaterThan(sampleNowMs);
    expect(span.fromMs + (heatBins - 1) * span.binMs).toBeLessThanOrEqual(sampleNowMs);
    expect(heatSpan(24, sampleNowMs)).toEqual(heatSpan(24, sampleNowMs + 60_000));
  });

  it('puts the fullest first; the last line is the fullest of those without their own', () => {
    const many = Array.from({ length: heatRowsMax + 5 }, (_, i) => alert(`s${i}`, 59 - i, null));
    const { rows } = stormHeat(many, span);
    expect(rows).toHaveLength(heatRowsMax);
    expect(rows[0]?.service).toBe(`s${heatRowsMax + 4}`);
    expect(rows.at(-1)).toMatchObject({ service: null, label: 'most of 6 more', most: 1 });
  });

  it('says the fullest cell in words, and that there is none', () => {
    const time = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    expect(heatWords(stormHeat([alert('checkout', 3, 3), alert('checkout', 3, 9)], span), time)).toBe(
      'Most in checkout: 2 firing at 13:36. Nothing else fired.',
    );
    expect(heatWords(stormHeat([], span), time)).toMatch(/none fired in this time/);
  });
});
