import type { ASTNode } from '@marcbachmann/cel-js';

/** Upper bounds of a value: elements of any list or map in it, characters of any string in it. */
export interface Bounds {
  elements: number;
  characters: number;
}

interface Estimate extends Bounds {
  /** Steps it can take; one step is about 50 ns. */
  steps: number;
}

type Scope = ReadonlyMap<string, Bounds>;

/** About a quarter of a second at the very worst; real expressions need hundreds of steps. */
export const maxSteps = 5_000_000;
const maxCharacters = 10_000_000;
const charactersPerStep = 256;
const scalar: Bounds = { elements: 1, characters: 40 };
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Most steps this expression can take over variables of these bounds. Infinity when it could build a huge value. */
export function estimateSteps(ast: ASTNode, variables: Record<string, Bounds>): number {
  return estimate(ast, new Map(Object.entries(variables))).steps;
}

function estimate(node: ASTNode, scope: Scope): Estimate {
  switch (node.op) {
    case 'value':
      return { ...scalar, characters: typeof node.args === 'string' ? node.args.length : scalar.characters, steps: 1 };
    case 'id':
      return { ...(scope.get(node.args) ?? scalar), steps: 1 };
    case '.':
    case '.?': {
      const target = estimate(node.args[0], scope);
      return { ...target, steps: target.steps + 1 };
    }
    case 'call':
      return call(
        node.args[0],
        node.args[1].map((argument) => estimate(argument, scope)),
      );
    case 'rcall':
      return methodCall(node.args[0], node.args[1], node.args[2], scope);
    case 'list':
      return collection(node.args, scope);
    case 'map':
      return collection(node.args.flat(), scope);
    case '!_':
    case '-_':
      return estimate(node.args, scope);
    case '+': {
      const [left, right] = [estimate(node.args[0], scope), estimate(node.args[1], scope)];
      const elements = left.elements + right.elements;
      return bounded(elements, left.characters + right.characters, left.steps + right.steps + elements);
    }
    default:
      // Comparisons and membership can walk everything on both sides; choices give the larger side.
      return widest(
        node.args.map((argument) => estimate(argument, scope)),
        true,
      );
  }
}

function methodCall(name: string, receiver: ASTNode, args: ASTNode[], scope: Scope): Estimate {
  const range = estimate(receiver, scope);
  const variable = args[0];
  if (name === 'bind' && variable?.op === 'id' && args[1] !== undefined && args[2] !== undefined) {
    const value = estimate(args[1], scope);
    const body = estimate(args[2], new Map([...scope, [variable.args, value]]));
    return { ...body, steps: value.steps + body.steps + 1 };
  }
  if (loops.has(name) && variable?.op === 'id') {
    const inner = new Map([...scope, [variable.args, range]]);
    const body = widest(
      args.slice(1).map((argument) => estimate(argument, inner)),
      false,
    );
    const elements = Math.max(range.elements, body.elements);
    const characters = Math.max(range.characters, body.characters);
    return bounded(elements, characters, range.steps + range.elements * (body.steps + 2));
  }
  return call(name, [range, ...args.map((argument) => estimate(argument, scope))]);
}

function call(name: string, args: Estimate[]): Estimate {
  const all = widest(args, true);
  const total = args.reduce((sum, argument) => sum + argument.characters, 0);
  if (name === 'join') return bounded(1, all.elements * (total + 1), all.steps + all.elements);
  if (name === 'split') return bounded(total, total, all.steps + total);
  if (name === 'matches') return bounded(1, 1, all.steps + total / 4);
  if (name === 'json') return bounded(total, total, all.steps + total);
  return bounded(all.elements, total * 4, all.steps + total / charactersPerStep);
}

function collection(items: ASTNode[], scope: Scope): Estimate {
  const all = widest(
    items.map((item) => estimate(item, scope)),
    false,
  );
  return { ...all, elements: Math.max(all.elements, items.length), steps: all.steps + items.length };
}

function widest(parts: Estimate[], walked: boolean): Estimate {
  let [elements, characters, steps] = [1, 0, 1];
  for (const part of parts) {
    elements = Math.max(elements, part.elements);
    characters = Math.max(characters, part.characters);
    steps += part.steps + (walked ? part.elements + part.characters / charactersPerStep : 0);
  }
  return { elements, characters, steps };
}

function bounded(elements: number, characters: number, steps: number): Estimate {
  if (elements > maxCharacters || characters > maxCharacters) return { elements, characters, steps: Infinity };
  return { elements, characters, steps };
}
