import type { ActionKind } from '#server/contract/intent.ts';
import { type Command, useCommands } from '../../ui/commands.ts';
import type { AlertRow } from './alert-groups.ts';

interface AlertKeys {
  /** False while another view covers the list. */
  enabled: boolean;
  cursorRow: AlertRow | undefined;
  peeking: boolean;
  choosing: boolean;
  can: (kind: ActionKind) => string | null;
  focusFilter: () => void;
  moveBy: (by: number) => void;
  movePeek: (by: number) => void;
  extendBy: (by: number) => void;
  select: (row: AlertRow) => void;
  fold: (row: AlertRow, open: boolean) => void;
  open: (row: AlertRow) => void;
  peek: (row: AlertRow) => void;
  acknowledge: () => void;
  silence: () => void;
  declare: () => void;
  back: () => void;
}

export function useAlertKeys(keys: AlertKeys): void {
  const { cursorRow, can } = keys;
  const onRow = (run: (row: AlertRow) => void) => (): void => {
    if (cursorRow !== undefined) run(cursorRow);
  };
  const commands: Command[] = [
    { keys: 'j', label: 'down', group: 'Alerts', hint: true, run: () => keys.moveBy(1) },
    { keys: 'k', label: 'up', group: 'Alerts', hint: true, run: () => keys.moveBy(-1) },
    { keys: 'ArrowDown', label: 'down', group: 'Alerts', run: () => keys.moveBy(1) },
    { keys: 'ArrowUp', label: 'up', group: 'Alerts', run: () => keys.moveBy(-1) },
    { keys: 'ArrowRight', label: 'open the group', group: 'Alerts', run: onRow((row) => keys.fold(row, true)) },
    { keys: 'ArrowLeft', label: 'close the group', group: 'Alerts', run: onRow((row) => keys.fold(row, false)) },
    { keys: 'x', label: 'select', group: 'Alerts', hint: true, run: onRow(keys.select) },
    { keys: 'Shift+J', label: 'select downwards', group: 'Alerts', run: () => keys.extendBy(1) },
    { keys: 'Shift+K', label: 'select upwards', group: 'Alerts', run: () => keys.extendBy(-1) },
    { keys: 'Space', label: 'peek', group: 'Alerts', hint: true, run: onRow(keys.peek) },
    { keys: 'Enter', label: 'open', group: 'Alerts', hint: true, run: onRow(keys.open) },
    {
      keys: 'a',
      label: 'acknowledge',
      group: 'Alerts',
      hint: true,
      run: keys.acknowledge,
      unavailable: can('alert.acknowledge'),
    },
    { keys: 'z', label: 'silence', group: 'Alerts', hint: true, run: keys.silence, unavailable: can('silence.save') },
    {
      keys: 'd',
      label: 'declare',
      group: 'Alerts',
      hint: true,
      run: keys.declare,
      unavailable: can('incident.declare'),
    },
    { keys: '/', label: 'filter', group: 'Alerts', run: keys.focusFilter },
  ];
  if (keys.peeking) {
    commands.push(
      { keys: '[', label: 'previous alert', group: 'Alerts', run: () => keys.movePeek(-1) },
      { keys: ']', label: 'next alert', group: 'Alerts', run: () => keys.movePeek(1) },
    );
  }
  if (keys.peeking || keys.choosing) commands.push({ keys: 'Escape', label: 'back', group: 'Alerts', run: keys.back });
  useCommands(keys.enabled ? commands : []);
}
