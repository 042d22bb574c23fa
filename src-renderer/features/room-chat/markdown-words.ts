// What a message may look like: emphasis, code, lists, quotes and links. No picture is ever fetched, no markup of its own
// is ever run.
import type { Nodes, Parents, PhrasingContent, Root } from 'mdast';
import { type Mentionable, pieces } from './mention.ts';

export const allowedElements = [
  'p',
  'em',
  'strong',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
  'a',
  'br',
  'mark',
] as const;

const address = /https?:\/\/[^\s<>"'`|{}\\^]+/g;

/** Marks the names of people who are mentioned, makes links of addresses, and shows pictures as links to them. */
export function chatMarkdown(people: readonly Mentionable[]): () => (tree: Root) => void {
  return () => (tree) => walk(tree, people);
}

function walk(parent: Parents, people: readonly Mentionable[]): void {
  const children = (parent.children as Nodes[]).flatMap((child): Nodes[] => {
    switch (child.type) {
      case 'text':
        return parent.type === 'link' ? [child] : wordsOf(child.value, people);
      case 'image':
        return [{ type: 'link', url: child.url, children: [{ type: 'text', value: child.alt || child.url }] }];
      case 'imageReference':
        return [{ type: 'text', value: child.alt ?? '' }];
      // Markup is words like any other: it is read, not run.
      case 'html':
        return [
          parent.type === 'root'
            ? { type: 'paragraph', children: [{ type: 'text', value: child.value }] }
            : { type: 'text', value: child.value },
        ];
      case 'heading':
        walk(child, people);
        return [{ type: 'paragraph', children: [{ type: 'strong', children: child.children }] }];
      case 'thematicBreak':
        return [{ type: 'paragraph', children: [{ type: 'text', value: '---' }] }];
      default:
        if ('children' in child) walk(child, people);
        return [child];
    }
  });
  parent.children = children as typeof parent.children;
}

function wordsOf(text: string, people: readonly Mentionable[]): PhrasingContent[] {
  const found: PhrasingContent[] = [];
  const add = (value: string): void => {
    for (const piece of pieces(value, people)) {
      const words = { type: 'text' as const, value: piece.text };
      found.push(piece.person === null ? words : { type: 'strong', data: { hName: 'mark' }, children: [words] });
    }
  };
  let from = 0;
  for (const match of text.matchAll(address)) {
    const url = withoutEnd(match[0]);
    add(text.slice(from, match.index));
    found.push({ type: 'link', url, children: [{ type: 'text', value: url }] });
    from = match.index + url.length;
  }
  add(text.slice(from));
  return found;
}

/** The stop of a sentence, or the bracket around an address, is no part of it. */
function withoutEnd(url: string): string {
  const stripped = url.replace(/[.,;:!?*_~]+$/, '');
  return stripped.endsWith(')') && !stripped.includes('(') ? withoutEnd(stripped.slice(0, -1)) : stripped;
}
