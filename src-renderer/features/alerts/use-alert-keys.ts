import type { ActionKind } from '#server/contract/intent.ts';
import { plural, t } from '../../language/words.ts';
import { type Command, type CommandSubject, useCommands } from '../../ui/commands.ts';
import { listCommands } from '../../ui/list-keys.ts';
import type { AlertRow } from './alert-rows.ts';

interface AlertKeys {
  /** False while another view covers the list. */
  enabled: boolean;
  /** Rows in the list. */
  count: number;
  cursorRow: AlertRow | undefined;
  peeking: boolean;
  /** Alerts that are chosen. */
  choosing: number;
  can: (kind: ActionKind) => string | null;
  /** Not for lack of a network: then it is kept as a draft. */
  cannotDeclare: string | null;
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
  attach: () => void;
  declare: () => void;
  resolve: () => void;
  back: () => void;
}

export function useAlertKeys(keys: AlertKeys): void {
  const { cursorRow, can, choosing } = keys;
  const onRow = (run: (row: AlertRow) => void) => (): void => {
    if (cursorRow !== undefined) run(cursorRow);
  };
  const group = 'Alerts';
  const about = aboutOf(cursorRow, choosing);
  const nothing = about === null ? t`no alert is focused` : null;
  const commands: Command[] = [
    ...listCommands(
      {
        move: keys.moveBy,
        select: onRow(keys.select),
        extend: keys.extendBy,
        peek: onRow(keys.peek),
        open: onRow(keys.open),
        detail: keys.peeking ? keys.movePeek : null,
        back: keys.peeking || choosing > 0 ? keys.back : null,
      },
      { group, count: keys.count, hintMoves: true },
    ),
    { id: 'group.open', label: t`open the group`, group, run: onRow((row) => keys.fold(row, true)) },
    { id: 'group.close', label: t`close the group`, group, run: onRow((row) => keys.fold(row, false)) },
    {
      id: 'acknowledge',
      label: t`acknowledge`,
      group,
      about,
      hint: true,
      run: keys.acknowledge,
      unavailable: can('alert.acknowledge') ?? nothing,
    },
    {
      id: 'snooze',
      label: t`silence`,
      group,
      about,
      keywords: 'snooze mute maintenance',
      hint: true,
      run: keys.silence,
      unavailable: can('silence.save') ?? nothing,
    },
    {
      id: 'alerts.attach',
      keys: null,
      label: t`attach to an incident`,
      group,
      about,
      run: keys.attach,
      unavailable: can('incident.attach-alerts') ?? nothing,
    },
    {
      id: 'resolve',
      label: t`resolve by hand`,
      group,
      about,
      run: keys.resolve,
      unavailable: can('alert.resolve') ?? nothing,
    },
    {
      id: 'declare',
      label: t`declare`,
      group,
      about,
      hint: true,
      run: keys.declare,
      unavailable: keys.cannotDeclare ?? nothing,
    },
    { id: 'list.filter', label: t`filter`, group, run: keys.focusFilter },
  ];
  useCommands(keys.enabled ? commands : []);
}

/** What the commands act on: the chosen alerts, else the row under the keyboard. */
function aboutOf(row: AlertRow | undefined, choosing: number): CommandSubject | null {
  if (choosing > 0)
    return {
      entity: 'alert',
      id: '',
      title: t`${plural(choosing, { one: '1 alert chosen', other: '# alerts chosen' })}`,
    };
  if (row === undefined) return null;
  if (row.kind === 'alert') return { entity: 'alert', id: row.id, title: row.alert.title };
  const count = row.group.alerts.length;
  return {
    entity: 'incident',
    id: row.id,
    title: t`${plural(count, { one: '1 alert of the group', other: '# alerts of the group' })}`,
  };
}
