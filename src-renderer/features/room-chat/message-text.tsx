import { memo, useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import { SafeLink } from '../../ui/safe-link.tsx';
import { allowedElements, chatMarkdown } from './markdown-words.ts';
import type { Mentionable } from './mention.ts';

const components: Components = {
  a: ({ href, children }) => <SafeLink url={href ?? ''}>{children}</SafeLink>,
};

/** What somebody wrote, with those names marked that it mentions. */
export const MessageText = memo(function MessageText({
  text,
  people,
}: {
  text: string;
  people: readonly Mentionable[];
}) {
  const plugins = useMemo(() => [chatMarkdown(people)], [people]);
  return (
    <div className="chat-text">
      <Markdown
        remarkPlugins={plugins}
        allowedElements={allowedElements}
        unwrapDisallowed
        components={components}
        // The links are checked where they are drawn.
        urlTransform={(url) => url}
      >
        {text}
      </Markdown>
    </div>
  );
});
