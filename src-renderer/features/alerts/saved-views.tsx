import { useMemo, useState } from 'react';
import type { SavedView } from '#server/contract/view.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useSession, useSubmit, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { sameFilter } from './alert-filter.ts';
import { useAlertList } from './alert-list-state.ts';

/** Filters worth a name: mine, and those shared with everyone. */
export function SavedViews() {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const table = useTable('view');
  const { filter, set } = useAlertList();
  const [naming, setNaming] = useState(false);
  const views = useMemo(() => [...table.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [table]);
  const current = views.find((view) => sameFilter(view.filter, filter));
  const mine = current !== undefined && (current.ownerId === me.id || me.role === 'admin' || me.role === 'manager');

  const actions: MenuAction[] = [
    ...views.map((view) => ({
      id: view.id,
      label:
        view.ownerId === me.id
          ? view.shared
            ? t`${view.name} (shared)`
            : view.name
          : `${view.name} (${nameOf(view.ownerId)})`,
      icon: view === current ? ('check' as const) : ('filter' as const),
      run: () => set({ filter: view.filter, chosen: new Set() }),
    })),
    {
      id: 'save',
      label: t`Save this filter…`,
      icon: 'plus',
      run: () => setNaming(true),
      unavailable: current === undefined ? can('view.save') : t`it is saved as ${current.name}`,
    },
    ...(current === undefined || !mine
      ? []
      : [
          {
            id: 'share',
            label: current.shared ? t`Keep ${current.name} to myself` : t`Share ${current.name} with everyone`,
            icon: 'person' as const,
            run: () => void submit(saveOf(current, { shared: !current.shared })),
            unavailable: can('view.save'),
          },
          {
            id: 'delete',
            label: t`Delete ${current.name}`,
            icon: 'trash' as const,
            run: () => void submit({ kind: 'view.delete', viewId: current.id }),
            unavailable: can('view.delete'),
          },
        ]),
  ];

  return (
    <>
      <Menu
        label={t`Saved views`}
        trigger={
          <Button compact icon="star">
            {current?.name ?? t`Views`}
          </Button>
        }
        actions={actions}
      />
      {naming ? <NameView onClose={() => setNaming(false)} /> : null}
    </>
  );
}

function NameView({ onClose }: { onClose: () => void }) {
  const { uuid } = useSession();
  const submit = useSubmit();
  const filter = useAlertList((state) => state.filter);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = (): void => {
    if (name.trim() === '') return;
    void submit({ kind: 'view.save', viewId: uuid(), name: name.trim(), filter, shared });
    onClose();
  };
  return (
    <Dialog
      title={t`Save this filter`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={name.trim() === ''} onPress={save}>
            {t`Save`}
          </Button>
        </>
      }
    >
      <form
        className="stack form-gap"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label={t`Name`} value={name} onChange={setName} autoFocus maxLength={300} />
        <Checkbox isSelected={shared} onChange={setShared}>
          {t`Shared: everyone sees it in their list of views`}
        </Checkbox>
      </form>
    </Dialog>
  );
}

function saveOf(view: SavedView, change: Partial<Pick<SavedView, 'shared'>>) {
  const { id, name, filter, shared } = { ...view, ...change };
  return { kind: 'view.save' as const, viewId: id, name, filter, shared };
}
