import type { FastifyInstance } from 'fastify';

/** Remembers every route, so that a known address with another method is told apart from an unknown one. */
export function rememberRoutes(app: FastifyInstance): { methodsFor(path: string): string[] } {
  const exact = new Map<string, Set<string>>();
  const patterns: { pattern: RegExp; methods: Set<string> }[] = [];

  app.addHook('onRoute', (route) => {
    let methods = exact.get(route.url);
    if (methods === undefined) {
      methods = new Set();
      exact.set(route.url, methods);
      if (/[:*]/.test(route.url)) patterns.push({ pattern: patternOf(route.url), methods });
    }
    for (const method of [route.method].flat()) methods.add(method.toUpperCase());
  });

  return {
    methodsFor(path) {
      const found = new Set(exact.get(path));
      for (const { pattern, methods } of patterns)
        if (pattern.test(path)) for (const method of methods) found.add(method);
      return [...found].sort();
    },
  };
}

function patternOf(url: string): RegExp {
  const text = url
    .split(/(:\w+|\*)/)
    .map((part) =>
      part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join('');
  return new RegExp(`^${text}$`);
}
