import { describe, expect, it } from 'vitest';
import { celAlert, compileBodyExpression, compileCondition } from '#server/expressions/cel.ts';

const alert = celAlert({
  title: 'Checkout is slow',
  severity: 'sev2',
  service: null,
  source: 'alertmanager',
  fingerprint: '0badc0de',
  labels: { env: 'prod', team: 'shop', ['__proto__x']: '1' },
  annotations: { summary: 'p99 over 2 s' },
});

function test(source: string): boolean {
  const condition = compileCondition(source);
  if (!condition.ok) throw new Error(condition.reason);
  return condition.test(alert);
}

function refusal(source: string): { reason: string; position?: number } {
  const condition = compileCondition(source);
  if (condition.ok) throw new Error(`${source} compiled`);
  return condition;
}

describe('compileCondition', () => {
  it.each([
    ['alert.labels.env == "prod"', true],
    ['alert.labels.env == "test"', false],
    ['"env" in alert.labels', true],
    ['!("region" in alert.labels)', true],
    ['alert.title.contains("slow")', true],
    ['alert.severity in ["sev1", "sev2"]', true],
    ['alert.service == ""', true],
    ['alert.annotations.summary.startsWith("p99")', true],
    ['alert.labels.team.matches("^(shop|cart)$")', true],
    ['alert.labels.exists(name, alert.labels[name] == "shop")', true],
    ['alert.labels.all(name, name.matches("^[a-z_]+x?$"))', true],
    ['alert.labels.?region.orValue("eu") == "eu"', true],
    ['has(alert.labels.region)', false],
  ])('%s is %s', (source, expected) => {
    expect(test(source)).toBe(expected);
  });

  it('tests false for a label that the alert does not carry, without calling it an error', () => {
    const errors: string[] = [];
    const condition = compileCondition('alert.labels.region != "eu"', (reason) => errors.push(reason));
    expect(condition.ok && condition.test(alert)).toBe(false);
    expect(errors).toEqual([]);
    expect(test('alert.labels.region == "eu" || alert.labels.env == "prod"')).toBe(true);
  });

  it('tests false and tells the caller when it fails while it runs', () => {
    const errors: string[] = [];
    const condition = compileCondition('int(alert.title) > 1', (reason) => errors.push(reason));
    expect(condition.ok && condition.test(alert)).toBe(false);
    expect(errors).toHaveLength(1);
  });

  it('names what is unknown and where', () => {
    expect(refusal('alert.foo == "x"')).toMatchObject({
      position: 6,
      reason: expect.stringContaining('no field "foo"'),
    });
    expect(refusal('alrt.title == "x"')).toMatchObject({
      position: 0,
      reason: expect.stringContaining('no variable "alrt"'),
    });
    expect(refusal('alert.title ==')).toMatchObject({
      position: 14,
      reason: expect.stringContaining('ends too early'),
    });
  });

  it('refuses what is not a condition, or compares unlike things', () => {
    expect(refusal('alert.title').reason).toContain('has to be true or false');
    expect(refusal('alert.labels["a"] == 1').reason).toContain('string == int');
    expect(refusal('').reason).toContain('ends too early');
  });

  it('refuses what could run long', () => {
    expect(refusal('true || '.repeat(300) + 'true').reason).toContain('2000 are allowed');
    expect(refusal(`${'('.repeat(500)}true${')'.repeat(500)}`).reason).toContain('maxDepth');
    const loops = 'alert.labels.all(a, alert.labels.all(b, alert.labels.all(c, a == b || b == c)))';
    expect(refusal(loops).reason).toContain('too long');
    // Doubling a text again and again.
    const doubling = Array.from({ length: 30 }).reduce<string>(
      (inner, _, i) => `cel.bind(v${30 - i}, v${29 - i} + v${29 - i}, ${inner})`,
      'v30.contains("x")',
    );
    expect(refusal(`cel.bind(v0, alert.title, ${doubling})`).reason).toMatch(/too long|maxDepth/);
  });

  it('takes patterns of linear time only, written out', () => {
    expect(refusal('alert.title.matches("(?=a)")').reason).toContain('pattern of matches() is not valid');
    expect(refusal('alert.title.matches(alert.source)').reason).toContain('written out');
    const evil = compileCondition('alert.annotations.text.matches("^(a+)+$")');
    const text = { ...alert, service: null, annotations: { text: `${'a'.repeat(8_000)}!` } };
    // A backtracking engine would not come back within the age of the universe.
    expect(evil.ok && evil.test(celAlert(text))).toBe(false);
  });
});

describe('compileBodyExpression', () => {
  function evaluate(source: string, body: unknown) {
    const compiled = compileBodyExpression(source, 10_000);
    if (!compiled.ok) throw new Error(compiled.reason);
    return compiled.evaluate(body);
  }

  it('reads any JSON', () => {
    expect(evaluate('body.a[0].b', { a: [{ b: 'x' }] })).toEqual({ ok: true, value: 'x' });
    expect(evaluate('body.state == "ok" ? "resolved" : "firing"', { state: 'ok' })).toEqual({
      ok: true,
      value: 'resolved',
    });
    expect(evaluate('{"host": body.host, "code": string(body.code)}', { host: 'h1', code: 5 })).toEqual({
      ok: true,
      value: { host: 'h1', code: '5' },
    });
  });

  it('tells a missing field from another failure', () => {
    expect(evaluate('body.x', {})).toMatchObject({ ok: false, missing: true });
    expect(evaluate('int(body.x)', { x: 'no' })).toMatchObject({ ok: false, missing: false });
  });

  it('sees no property of JavaScript', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(evaluate(`body.${name}`, {})).toMatchObject({ ok: false, missing: true });
    }
  });
});
