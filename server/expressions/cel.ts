// The expressions users write (DESIGN.md): CEL, type-checked on save, bounded in size and in the time they can take.
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { type Bounds, estimateSteps, maxSteps } from '#server/expressions/cost.ts';

const maxSourceLength = 2_000;

export interface CelAlertSource {
  title: string;
  severity: string;
  service: string | null;
  source: string;
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The variable `alert` of conditions and matchers. */
export interface CelAlert extends CelAlertSource {
  service: string;
}

interface Refusal {
  ok: false;
  /** What is wrong and where, in words. */
  reason: string;
  /** Offset in the source at which it is wrong. */
  position?: number;
}

export type Condition = { ok: true; test(alert: CelAlert): boolean } | Refusal;

/**
 * Compiles a condition over `alert`. It has to be of type bool. A label that the alert does not carry makes the test
 * false; so does any other failure while it runs, which is told to `onError`.
 */
export function compileCondition(source: string, onError?: (reason: string) => void): Condition {
  let compiled = conditions.get(source);
  if (compiled === undefined) {
    compiled = checkedCondition(source);
    remember(conditions, source, compiled);
  }
  if (!compiled.ok) return compiled;
  const { run } = compiled;
  return {
    ok: true,
    test(alert) {
      try {
        return withoutStack(() => run({ alert })) === true;
      } catch (error) {
        if (onError !== undefined && !isMissing(error)) onError(describe(error).reason);
        return false;
      }
    },
  };
}

export function celAlert(alert: CelAlertSource): CelAlert {
  return new AlertVariable(alert);
}

export interface CelIncidentSource {
  title: string;
  severity: string;
  services: readonly string[];
  /** Opened by a person. */
  declared: boolean;
  alertCount: number;
}

/** What conditions of routing see: an alert, and the incident that it belongs to. */
export interface RouteSubject {
  alert: CelAlertSource;
  incident: CelIncidentSource;
}

export type RouteCondition =
  | {
      ok: true;
      test(subject: RouteSubject): boolean;
      /** Why it does not hold, from the values it looks at: "env is prod". Only of a subject that it tested false on. */
      whyNot(subject: RouteSubject): string;
    }
  | Refusal;

/** The same as `compileCondition` with `incident` beside `alert`. */
export function compileRouteCondition(source: string, onError?: (reason: string) => void): RouteCondition {
  const compiled = checkedRouteCondition(source);
  if (!compiled.ok) return compiled;
  const { run, ast } = compiled;
  const holds = (part: Run, subject: RouteSubject): boolean => {
    try {
      return withoutStack(() => part(routeVariables(subject))) === true;
    } catch (error) {
      if (onError !== undefined && !isMissing(error)) onError(describe(error).reason);
      return false;
    }
  };
  return {
    ok: true,
    test: (subject) => holds(run, subject),
    whyNot(subject) {
      const part = falsePart(ast, (node) => {
        const inner = checkedRouteCondition(source.slice(node.range.start, node.range.end));
        return !inner.ok || holds(inner.run, subject);
      });
      return readValues(part, subject);
    },
  };
}

/** Of a chain of `and`, the first part that does not hold. */
function falsePart(node: ASTNode, holds: (part: ASTNode) => boolean): ASTNode {
  if (node.op !== '&&') return node;
  const [left, right] = node.args;
  return holds(left) ? falsePart(right, holds) : falsePart(left, holds);
}

const valuesShown = 3;

function readValues(part: ASTNode, { alert, incident }: RouteSubject): string {
  const seen = new Map<string, string>();
  const visit = (node: ASTNode): void => {
    const path = pathOf(node);
    if (path === null) {
      for (const child of children(node)) visit(child);
      return;
    }
    const [root, field = '', key] = path;
    const holder: Record<string, unknown> =
      root === 'alert' ? { ...alert, service: alert.service ?? '' } : { ...incident };
    const value = key === undefined ? holder[field] : (holder[field] as Record<string, unknown> | undefined)?.[key];
    seen.set(key ?? (root === 'incident' ? `incident.${field}` : field), shown(value));
  };
  visit(part);
  return [...seen]
    .slice(0, valuesShown)
    .map(([name, value]) => `${name} is ${value}`)
    .join(', ');
}

function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  if (value === '') return 'empty';
  if (typeof value === 'string') return value.length > 60 ? `${value.slice(0, 60)}\u2026` : value;
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.slice(0, valuesShown).join(', ');
  return typeof value === 'boolean' || typeof value === 'number' ? `${value}` : 'there';
}

/** `alert.labels.env` and `alert.labels["env"]` as a path; null for anything else. */
function pathOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return node.args === 'alert' || node.args === 'incident' ? [node.args] : null;
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]') return null;
  const [target, key] = node.args;
  const before = pathOf(target);
  if (before === null) return null;
  if (typeof key === 'string') return [...before, key];
  return key.op === 'value' && typeof key.args === 'string' ? [...before, key.args] : null;
}

type Evaluated = { ok: true; value: unknown } | { ok: false; missing: boolean; reason: string };
export type BodyExpression = { ok: true; evaluate(body: unknown): Evaluated } | Refusal;

/**
 * Compiles an expression over `body`, any JSON value (numbers are doubles). `longestList` is the longest list that
 * the caller will let it see.
 */
export function compileBodyExpression(source: string, longestList: number): BodyExpression {
  const key = `${longestList} ${source}`;
  let compiled = bodyExpressions.get(key);
  if (compiled === undefined) {
    const bounds = { elements: longestList, characters: longestBodyText };
    compiled = compile(bodyEnvironment, source, { body: bounds });
    remember(bodyExpressions, key, compiled);
  }
  if (!compiled.ok) return compiled;
  const { run } = compiled;
  return {
    ok: true,
    evaluate(body) {
      try {
        return { ok: true, value: withoutStack(() => run({ body })) };
      } catch (error) {
        return { ok: false, missing: isMissing(error), reason: describe(error).reason };
      }
    },
  };
}

class AlertVariable implements CelAlert {
  readonly title: string;
  readonly severity: string;
  readonly service: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;

  constructor(alert: CelAlertSource) {
    this.title = alert.title;
    this.severity = alert.severity;
    this.service = alert.service ?? '';
    this.source = alert.source;
    this.fingerprint = alert.fingerprint;
    this.labels = alert.labels;
    this.annotations = alert.annotations;
  }
}

class IncidentVariable {
  readonly title: string;
  readonly severity: string;
  readonly services: readonly string[];
  readonly declared: boolean;
  readonly alertCount: bigint;

  constructor(incident: CelIncidentSource) {
    this.title = incident.title;
    this.severity = incident.severity;
    this.services = incident.services;
    this.declared = incident.declared;
    this.alertCount = BigInt(incident.alertCount);
  }
}

// One subject is tested by many conditions in a row.
const variablesOf = new WeakMap<RouteSubject, Record<string, unknown>>();

function routeVariables(subject: RouteSubject): Record<string, unknown> {
  let variables = variablesOf.get(subject);
  if (variables === undefined) {
    variables = { alert: new AlertVariable(subject.alert), incident: new IncidentVariable(subject.incident) };
    variablesOf.set(subject, variables);
  }
  return variables;
}

type Run = (variables: Record<string, unknown>) => unknown;
type Compiled = { ok: true; run: Run; type: string; ast: ASTNode } | Refusal;

const alertFields = {
  title: 'string',
  severity: 'string',
  service: 'string',
  source: 'string',
  fingerprint: 'string',
  labels: 'map<string, string>',
  annotations: 'map<string, string>',
};
const incidentFields = {
  title: 'string',
  severity: 'string',
  services: 'list<string>',
  declared: 'bool',
  alertCount: 'int',
};
// What ingest lets through (labels and annotations are cut to these sizes there).
const alertBounds: Bounds = { elements: 256, characters: 8_192 };
const longestBodyText = 512 * 1_024;

const options = {
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 1_000, maxDepth: 32, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 },
};
// CEL's patterns are RE2's, which take linear time. The library would run them on the backtracking engine, so calls of
// `matches` are led to this function after parsing.
const linearMatches = 'matchesInLinearTime';
const patterns = new Map<string, RE2JS>();

function withLinearMatches(environment: Environment): Environment {
  return environment.registerFunction(`string.${linearMatches}(string): bool`, (text: string, pattern: string) =>
    compiledPattern(pattern).matcher(text).find(),
  );
}

const alertEnvironment = withLinearMatches(new Environment(options))
  .registerType('Alert', { ctor: AlertVariable, fields: alertFields })
  .registerVariable('alert', 'Alert');
const routeEnvironment = withLinearMatches(new Environment(options))
  .registerType('Alert', { ctor: AlertVariable, fields: alertFields })
  .registerType('Incident', { ctor: IncidentVariable, fields: incidentFields })
  .registerVariable('alert', 'Alert')
  .registerVariable('incident', 'Incident');
const bodyEnvironment = withLinearMatches(new Environment(options)).registerVariable('body', 'dyn');
const ofAlerts = `; an alert has ${Object.keys(alertFields).join(', ')}`;
const ofIncidents = `; an incident has ${Object.keys(incidentFields).join(', ')}`;
/** Told when an expression names a field that is not there. */
const fieldsSeen = new Map([
  [alertEnvironment, ofAlerts],
  [routeEnvironment, ofAlerts + ofIncidents],
]);

const cacheSize = 1_000;
const conditions = new Map<string, Compiled>();
const routeConditions = new Map<string, Compiled>();
const bodyExpressions = new Map<string, Compiled>();

function checkedCondition(source: string): Compiled {
  return ofTypeBool(compile(alertEnvironment, source, { alert: alertBounds }));
}

function checkedRouteCondition(source: string): Compiled {
  let compiled = routeConditions.get(source);
  if (compiled === undefined) {
    compiled = ofTypeBool(compile(routeEnvironment, source, { alert: alertBounds, incident: alertBounds }));
    remember(routeConditions, source, compiled);
  }
  return compiled;
}

function ofTypeBool(compiled: Compiled): Compiled {
  if (!compiled.ok || compiled.type === 'bool') return compiled;
  return {
    ok: false,
    reason: `A condition has to be true or false, and this gives a ${compiled.type}. Compare it with something, as in alert.severity == "sev1".`,
    position: 0,
  };
}

function compile(environment: Environment, source: string, variables: Record<string, Bounds>): Compiled {
  if (source.length > maxSourceLength) {
    return { ok: false, reason: `The expression has ${source.length} characters; ${maxSourceLength} are allowed.` };
  }
  try {
    const parsed = environment.parse(source);
    // Before `matches` is renamed, so that the estimate knows it.
    const steps = estimateSteps(parsed.ast, variables);
    redirectMatches(parsed.ast);
    const checked = parsed.check();
    if (!checked.valid) return { ok: false, ...describe(checked.error, fieldsSeen.get(environment)) };
    if (steps > maxSteps) {
      return { ok: false, reason: 'The expression could take too long: nest fewer loops, or build smaller texts.' };
    }
    return { ok: true, run: parsed, type: checked.type ?? 'dyn', ast: parsed.ast };
  } catch (error) {
    return { ok: false, ...describe(error) };
  }
}

/** A missing label is an ordinary thing, and collecting a stack for it cost ten times the test itself. */
function withoutStack<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

class PatternError extends Error {
  readonly range: { start: number };
  constructor(message: string, start: number) {
    super(message);
    this.range = { start };
  }
}

function redirectMatches(node: ASTNode): void {
  if (node.op === 'rcall' && node.args[0] === 'matches') {
    const pattern = node.args[2][0];
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
      throw new PatternError(
        'matches() takes a pattern written out as a text, as in matches("^api-")',
        node.range.start,
      );
    }
    try {
      compiledPattern(pattern.args);
    } catch (error) {
      const why = error instanceof Error ? error.message : 'it cannot be read';
      throw new PatternError(`The pattern of matches() is not valid: ${why}`, pattern.range.start);
    }
    node.args[0] = linearMatches;
  }
  for (const child of children(node)) redirectMatches(child);
}

function children(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

function compiledPattern(pattern: string): RE2JS {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    compiled = RE2JS.compile(pattern);
    remember(patterns, pattern, compiled);
  }
  return compiled;
}

function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  const oldest = cache.size >= cacheSize ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, value);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'no_such_key';
}

function describe(error: unknown, fieldsOf = ''): { reason: string; position?: number } {
  if (!(error instanceof Error)) return { reason: 'The expression cannot be run.' };
  const summary = 'summary' in error && typeof error.summary === 'string' ? error.summary : error.message;
  const code = 'code' in error ? error.code : undefined;
  const start = 'range' in error ? startOf(error.range) : undefined;
  const fields = isMissing(error) ? fieldsOf : '';
  // It quotes single characters of the expression, and half of one that is a pair cannot be stored.
  const quoted = summary.replaceAll(linearMatches, 'matches').replace(/\p{Surrogate}/gu, '\uFFFD');
  const reason = inWords(code, quoted) + fields;
  return start === undefined
    ? { reason: `${reason}.` }
    : { reason: `${reason} (at character ${start + 1}).`, position: start };
}

function inWords(code: unknown, summary: string): string {
  const name = summary.slice(summary.indexOf(': ') + 2);
  if (code === 'unknown_variable')
    // oxlint-disable-next-line tocsin/curly-quotes -- as the ledger has recorded it: replay compares it to the letter
    return `There is no variable "${name}": conditions see alert, those of routing incident too, mappings see body`;
  // oxlint-disable-next-line tocsin/curly-quotes -- the same
  if (code === 'no_such_key') return `There is no field "${name}"`;
  if (summary.endsWith('Unexpected token: EOF')) return 'The expression ends too early';
  return summary.replace(/[.\s]+$/, '');
}

function startOf(range: unknown): number | undefined {
  if (typeof range !== 'object' || range === null || !('start' in range)) return undefined;
  return typeof range.start === 'number' ? range.start : undefined;
}
