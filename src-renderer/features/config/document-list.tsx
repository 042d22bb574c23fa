import type { ReactNode } from 'react';
import type { ConfigKind } from '#server/contract/config.ts';
import { navigate } from '../../navigation.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { UnsavedMark } from './unsaved-mark.tsx';

interface DocumentListProps<Row> {
  kind: ConfigKind;
  label: string;
  rows: readonly Row[];
  current: string | null;
  pathOf: (id: string) => string;
  cannotMake?: string | null;
  /** `make` is left out where nobody makes one here. */
  none: { title: string; make?: string; words: string };
  mark?: (row: Row) => ReactNode;
  children: (row: Row) => ReactNode;
}

/** Links to what is configured; where there is nothing yet, why one would make something. */
export function DocumentList<Row extends { id: string }>(props: DocumentListProps<Row>) {
  const { none, pathOf } = props;
  if (props.rows.length === 0) {
    return (
      <div className="screen-pad">
        <Empty
          title={none.title}
          actions={
            none.make === undefined ? null : (
              <Button unavailable={props.cannotMake ?? null} onPress={() => navigate(pathOf('new'))}>
                {none.make}
              </Button>
            )
          }
        >
          {none.words}
        </Empty>
      </div>
    );
  }
  return (
    <ul className="rule-list" aria-label={props.label}>
      {props.rows.map((row) => (
        <li key={row.id} className={row.id === props.current ? 'rule-item focused' : 'rule-item'}>
          {props.mark === undefined ? <span /> : props.mark(row)}
          <a className="rule-link" href={pathOf(row.id)} aria-current={row.id === props.current ? 'true' : undefined}>
            {props.children(row)}
            <UnsavedMark kind={props.kind} id={row.id} />
          </a>
          <span />
        </li>
      ))}
    </ul>
  );
}
