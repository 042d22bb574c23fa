import { type DragEvent, type ReactNode, useState } from 'react';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { UnsavedMark } from './unsaved-mark.tsx';

interface Tried {
  id: string;
  name: string;
  enabled: boolean;
  builtIn: boolean;
}

interface OrderedListProps<Row extends Tried> {
  kind: 'route' | 'rule';
  label: string;
  /** In the order of trial, the built-in one last. */
  rows: readonly Row[];
  current: string | null;
  pathOf: (id: string) => string;
  cannotOrder: string | null;
  cannotWrite: string | null;
  words: {
    menu: (name: string) => string;
    /** What the built-in one is called. */
    builtIn: string;
    /** Why it stays where it is. */
    fixed: string;
    /** Why the last before it goes no further down. */
    last: string;
  };
  onMove: (id: string, by: number) => void;
  onEnable: (row: Row, enabled: boolean) => void;
  onDelete: (row: Row) => void;
  /** Below its name. */
  children: (row: Row) => ReactNode;
}

/** What is tried from the top: put in order by dragging or by its menu, but for the built-in one at the end. */
export function OrderedList<Row extends Tried>(props: OrderedListProps<Row>) {
  const { rows, current, pathOf, cannotOrder, cannotWrite, words, onMove, onEnable, onDelete } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const movable = rows.filter(({ builtIn }) => !builtIn);
  const placeOf = (id: string | null): number => movable.findIndex((row) => row.id === id);

  const drop = (target: Row): void => {
    if (dragged !== null) {
      const from = placeOf(dragged);
      const to = target.builtIn ? movable.length - 1 : placeOf(target.id);
      if (from !== to) onMove(dragged, to - from);
    }
    setDragged(null);
    setOver(null);
  };

  return (
    <ol className="rule-list" aria-label={props.label}>
      {rows.map((row, i) => (
        <li
          key={row.id}
          className={[
            'rule-item',
            row.id === current ? 'focused' : '',
            row.enabled ? '' : 'disabled',
            over === row.id && dragged !== null ? 'over' : '',
          ].join(' ')}
          draggable={!row.builtIn && cannotOrder === null}
          onDragStart={() => setDragged(row.id)}
          onDragEnd={() => setDragged(null)}
          onDragOver={(event: DragEvent) => {
            event.preventDefault();
            setOver(row.id);
          }}
          onDrop={() => drop(row)}
        >
          <span className="rule-place">{i + 1}</span>
          <a className="rule-link" href={pathOf(row.id)} aria-current={row.id === current ? 'true' : undefined}>
            <span className="row">
              <span className="clip medium">{row.name}</span>
              {row.builtIn ? <span className="chip outlined">{words.builtIn}</span> : null}
              {row.enabled ? null : <span className="chip dashed">{t`off`}</span>}
              <UnsavedMark kind={props.kind} id={row.id} />
            </span>
            {props.children(row)}
          </a>
          {row.builtIn ? (
            <span className="rule-fixed" title={words.fixed}>
              <Icon name="pin" small />
            </span>
          ) : (
            <Menu
              label={words.menu(row.name)}
              trigger={<Button look="ghost" compact icon="dots" aria-label={t`Actions for ${row.name}`} />}
              actions={actionsOf(row)}
            />
          )}
        </li>
      ))}
    </ol>
  );

  function actionsOf(row: Row): MenuAction[] {
    const place = placeOf(row.id);
    return [
      {
        id: 'up',
        label: t`Try earlier`,
        run: () => onMove(row.id, -1),
        unavailable: cannotOrder ?? (place === 0 ? t`it is first` : null),
      },
      {
        id: 'down',
        label: t`Try later`,
        run: () => onMove(row.id, 1),
        unavailable: cannotOrder ?? (place === movable.length - 1 ? words.last : null),
      },
      {
        id: 'enable',
        label: row.enabled ? t`Switch off` : t`Switch on`,
        run: () => onEnable(row, !row.enabled),
        unavailable: cannotWrite,
      },
      { id: 'delete', label: t`Delete…`, icon: 'trash', run: () => onDelete(row), unavailable: cannotWrite },
    ];
  }
}
