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

/** Attributes whose text a person reads. */
const readAttributes = new Set(
  (
    'label aria-label aria-description aria-valuetext aria-roledescription title placeholder alt ' +
    'about what help hint unit saveLabel caption unavailable'
  ).split(' '),
);

/** Units, codes and the name of the program are the same in every language. */
const sameEverywhere = /^(UTC|INC-|P-|SEV ?|Tocsin|Esc|Ctrl)$/;

const isSentence = (node) => node.type === 'TaggedTemplateExpression' && ['t', 'rich'].includes(node.tag.name);
const isTranslated = (node) =>
  isSentence(node) || (node.type === 'CallExpression' && ['term', 'listText'].includes(node.callee.name));

/** Words stand in t or rich, or no translation finds them. */
const wordsAreTranslated = {
  meta: { type: 'problem', docs: { description: 'what a person reads comes through t or rich' } },
  create(context) {
    const check = (node, text) => {
      const words = text.replaceAll(/&#?\w+;/g, ' ').trim();
      // Addresses, names of files and of fields.
      if (/^\S*[.:/@_-]\S+$/.test(words)) return;
      if (!/[A-Za-z]{2}/.test(words) || sameEverywhere.test(words.replaceAll(/[\s().,:…·]/g, ''))) return;
      context.report({
        node,
        message: `"${words.slice(0, 60)}" is read by people: write it in t or rich, and run npm run messages.`,
      });
    };
    const checkExpression = (node) => {
      if (node.type === 'Literal' && typeof node.value === 'string') check(node, node.value);
      if (node.type === 'TemplateLiteral') check(node, node.quasis.map(({ value }) => value.cooked).join(' '));
      if (node.type === 'ConditionalExpression') {
        checkExpression(node.consequent);
        checkExpression(node.alternate);
      }
      if (node.type === 'LogicalExpression') checkExpression(node.right);
    };
    return {
      TaggedTemplateExpression(node) {
        if (!isSentence(node)) return;
        const parts = node.quasi.quasis.map(({ value }) => value.cooked);
        if (!/^[\s,.;:]/.test(parts[0]) && !/\s$/.test(parts.at(-1))) return;
        context.report({
          node,
          message: 'A piece of a sentence cannot be translated: write the whole one, with what differs put in.',
        });
      },
      /** Beside a translated one the other is read by people as well. */
      ConditionalExpression({ consequent, alternate }) {
        if (isTranslated(consequent) && alternate.type === 'Literal') checkExpression(alternate);
        if (isTranslated(alternate) && consequent.type === 'Literal') checkExpression(consequent);
      },
      JSXText: (node) => check(node, node.value),
      JSXAttribute(node) {
        if (node.value === null || !readAttributes.has(node.name.name)) return;
        checkExpression(node.value.type === 'JSXExpressionContainer' ? node.value.expression : node.value);
      },
      JSXExpressionContainer(node) {
        const inside = node.parent.openingElement?.name.name;
        if (node.parent.type !== 'JSXAttribute' && inside !== 'pre' && inside !== 'code')
          checkExpression(node.expression);
      },
    };
  },
};

/** In another language the words are others: what is decided by them is decided wrongly there. */
const noLogicByWords = {
  meta: { type: 'problem', docs: { description: 'what is shown is compared by its kind, not by its words' } },
  create(context) {
    const check = (node) => {
      if (node === null || !isTranslated(node)) return;
      context.report({ node, message: 'These words are others in another language: compare what they stand for.' });
    };
    return {
      BinaryExpression(node) {
        if (!['===', '!==', '==', '!='].includes(node.operator)) return;
        check(node.left);
        check(node.right);
      },
      SwitchCase: (node) => check(node.test),
      CallExpression(node) {
        const name = node.callee.type === 'MemberExpression' ? node.callee.property.name : undefined;
        if (['includes', 'indexOf', 'startsWith', 'endsWith', 'has'].includes(name)) node.arguments.forEach(check);
      },
    };
  },
};

/** “Like this”, as the client quotes: both stand on one screen. Markup, SQL and labels of metrics are no sentences. */
const curlyQuotes = {
  meta: { type: 'problem', docs: { description: 'what people read quotes with curly marks' } },
  create(context) {
    return {
      TemplateLiteral({ quasis, expressions }) {
        const texts = quasis.map(({ value }) => value.cooked ?? '');
        const isSentence = / /.test(texts.join('')) && !/[<{]/.test(texts.join(''));
        for (const [i, node] of expressions.entries()) {
          const [before, behind] = [texts[i], texts[i + 1]];
          if (!isSentence || !behind.startsWith('"') || !/(?:^|[^=])"$/.test(before) || /\bAS "$/.test(before))
            continue;
          context.report({ node, message: 'Quote it with “ and ”: people read this.' });
        }
      },
    };
  },
};

export default {
  meta: { name: 'tocsin' },
  rules: {
    'no-bare-date': noBareDate,
    'modules-meet-in-app': modulesMeetInApp,
    'words-are-translated': wordsAreTranslated,
    'no-logic-by-words': noLogicByWords,
    'curly-quotes': curlyQuotes,
  },
};
