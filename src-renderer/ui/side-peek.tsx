import type { ReactNode } from 'react';
import { t } from '../language/words.ts';
import { Button } from './button.tsx';
import { CommandKey } from './command-key.tsx';
import './side-peek.css';
import { Split } from './split.tsx';
import { useMedia } from './use-media.ts';

interface SidePeekProps {
  /** Of what; the peek itself says that it is one. */
  code: string;
  /** Beside the code. */
  aside?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** What the row under the keyboard is, beside its list: Space opens and closes it, [ and ] go on. */
export function SidePeek({ code, aside, onClose, children }: SidePeekProps) {
  // In a narrower window it lies over the list.
  const beside = useMedia('(min-width: 1000px)');
  return (
    <div className="side-peek-frame">
      <Split
        name="peek"
        label={t`Width of the peek`}
        sized="end"
        size={380}
        least={{ start: beside ? 600 : 240, end: 300 }}
        stackAt={640}
        alone="end"
        onWidth={(width) => document.documentElement.style.setProperty('--peek', `${width}px`)}
        start={<div />}
        end={
          <aside className="side-peek" aria-label={t`Peek: ${code}`}>
            <div className="row">
              <span className="mono faint">{code}</span>
              <span className="small-text muted grow">{aside}</span>
              <CommandKey id="detail.previous" />
              <CommandKey id="detail.next" />
              <Button look="ghost" compact icon="close" aria-label={t`Close`} onPress={onClose} />
            </div>
            {children}
          </aside>
        }
      />
    </div>
  );
}
