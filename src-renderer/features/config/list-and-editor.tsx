import type { ReactNode } from 'react';
import { t } from '../../language/words.ts';
import { useFreshness } from '../../session.tsx';
import { navigate } from '../../navigation.ts';
import { useCommands } from '../../ui/commands.ts';
import { Freshness } from '../../ui/freshness.tsx';
import { besideCommands } from '../../ui/list-keys.ts';
import { GoneDocument } from './gone-document.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { Split } from '../../ui/split.tsx';
import './list-and-editor.css';

interface ListAndEditorProps {
  heading: string;
  listLabel: string;
  editorLabel: string;
  /** What the address names. Then the editor's title is the page's, and a phone shows the editor alone. */
  wanted: string | null;
  /** Makes a new one. */
  action?: ReactNode;
  /** Between the heading and what the list is about. */
  above?: ReactNode;
  about?: string;
  list: ReactNode;
  /** Null while there is nothing to edit: the list has the whole screen. */
  editor: ReactNode;
  dialog?: ReactNode;
}

/** The list of what is configured, and beside it the editor of one. */
export function ListAndEditor(props: ListAndEditorProps) {
  const { wanted, about } = props;
  const editor = props.editor ?? (wanted === null ? null : <GoneDocument />);
  const fresh = useFreshness();
  return (
    <>
      <Split
        name="list"
        label={t`Width of the list`}
        sized="start"
        size={340}
        share={0.2}
        least={{ start: 280, end: 460 }}
        stackAt={900}
        alone={wanted === null ? 'start' : 'end'}
        start={
          <section className="list-side" aria-label={props.listLabel}>
            <header className="list-head">
              <TitleLevel value={wanted === null ? 1 : 2}>
                <Title>{props.heading}</Title>
              </TitleLevel>
              <span className="small-text muted clip">
                <Freshness value={fresh} bare />
              </span>
              <span className="grow" />
              {props.action}
            </header>
            {props.above}
            {about === undefined ? null : <p className="list-about">{about}</p>}
            {props.list}
          </section>
        }
        end={
          editor === null ? null : (
            <section className="editor-side" aria-label={props.editorLabel}>
              <TitleLevel value={wanted === null ? 2 : 1}>{editor}</TitleLevel>
            </section>
          )
        }
      />
      {props.dialog}
    </>
  );
}

/** The row that the address names, or the first where it names none; undefined for one that is gone, null for one that is not saved yet. Its neighbours are a key away. */
export function useChosen<Row extends { id: string }>(
  rows: readonly Row[],
  wanted: string | null,
  pathOf: (id: string) => string,
  isNew: boolean = wanted === 'new',
): Row | null | undefined {
  const current = isNew ? null : wanted === null ? rows[0] : rows.find(({ id }) => id === wanted);
  const place = rows.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, place + by))];
    if (next !== undefined) navigate(pathOf(next.id));
  };
  useCommands(besideCommands(go, rows.length));
  return current;
}
