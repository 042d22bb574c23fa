import { useState } from 'react';
import { t } from '../language/words.ts';
import { Button } from './button.tsx';
import { useToasts } from './toast.tsx';

/** `text` may be a secret: it goes to the clipboard and nowhere else. */
export function CopyButton({
  text,
  label = t`Copy`,
  compact = true,
  iconOnly = false,
}: {
  text: string;
  label?: string;
  compact?: boolean;
  iconOnly?: boolean;
}) {
  const [copied, setCopied] = useState<string | null>(null);
  const show = useToasts((state) => state.show);
  const copy = () => {
    writeClipboard(text).then(
      () => setCopied(text),
      () =>
        show({ icon: 'refused', text: t`The clipboard cannot be written here. Select the text and copy it by hand.` }),
    );
  };
  const done = copied === text;
  if (iconOnly) {
    return (
      <Button
        look="ghost"
        compact={compact}
        icon={done ? 'check' : 'copy'}
        aria-label={done ? t`Copied` : label}
        onPress={copy}
      />
    );
  }
  return (
    <Button compact={compact} icon={done ? 'check' : 'copy'} onPress={copy}>
      {done ? t`Copied` : label}
    </Button>
  );
}

/** For what is no button: says what became of it. */
export function useCopy(): (text: string, said: string) => void {
  const show = useToasts((state) => state.show);
  return (text, said) => {
    writeClipboard(text).then(
      () => show({ text: said }),
      () => show({ icon: 'refused', text: t`The clipboard cannot be written here. The address bar has the link too.` }),
    );
  };
}

async function writeClipboard(text: string): Promise<void> {
  // Plain http on another host has no clipboard API.
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('copy refused');
}
