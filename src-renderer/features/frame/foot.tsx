import { t } from '../../language/words.ts';
import { clockTime, localClockTime, localZoneName } from '../../time-format.ts';
import { useReachable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { activeCommands, useCommandStore } from '../../ui/commands.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { keyLabel, useKeymap } from '../../ui/keymap.ts';

/** The focused screen's keys on the left, the clocks on the right, UTC first. */
export function Foot() {
  const layers = useCommandStore((state) => state.layers);
  const keymap = useKeymap((state) => state.keymap);
  const hints = activeCommands(layers, keymap)
    .filter((command) => command.hint === true && command.keys !== null && (command.unavailable ?? null) === null)
    // What works everywhere comes last.
    .sort((a, b) => Number(a.group === 'Everywhere') - Number(b.group === 'Everywhere'));
  return (
    <footer className="foot tabular">
      <span className="hints">
        {hints.map((command) => (
          <span key={command.id} className="hint">
            {command.keys === null ? null : <Kbd>{keyLabel(command.keys)}</Kbd>}
            {command.label}
          </span>
        ))}
      </span>
      <Clocks />
    </footer>
  );
}

function Clocks() {
  const now = useServerNow();
  const reachable = useReachable();
  const zone = localZoneName();
  return (
    <>
      <span>{clockTime(now, true)} UTC</span>
      {reachable && zone === 'UTC' ? null : (
        <span className="faint">{reachable ? `${localClockTime(now)} ${zone}` : t`this machine’s clock`}</span>
      )}
    </>
  );
}
