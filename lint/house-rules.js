// House rules that no stock rule covers. Each is proven to fire by lint/rules.test.ts.

const noBareDate = {
  meta: { type: 'problem', docs: { description: 'time comes from the injected Clock' } },
  create(context) {
    return {
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
          context.report({
            node,
            message: 'new Date() reads the machine clock; take the time from the injected Clock.',
          });
        }
      },
    };
  },
};

const moduleOf = (path) => /server\/modules\/([^/]+)\//.exec(path.replaceAll('\\', '/'))?.[1] ?? null;

/** Modules know each other as types only and meet in app.ts. */
const modulesMeetInApp = {
  meta: { type: 'problem', docs: { description: 'a module imports another module as types only' } },
  create(context) {
    const own = moduleOf(context.filename);
    return {
      ImportDeclaration(node) {
        const other = moduleOf(node.source.value);
        if (own === null || other === null || own === other || node.importKind === 'type') return;
        if (node.specifiers.length > 0 && node.specifiers.every((s) => s.importKind === 'type')) return;
        context.report({
          node,
          message: `Module ${own} loads module ${other}. Import its types only; app.ts hands its functions in.`,
        });
      },
    };
  },
};

export default {
  meta: { name: 'tocsin' },
  rules: { 'no-bare-date': noBareDate, 'modules-meet-in-app': modulesMeetInApp },
};
