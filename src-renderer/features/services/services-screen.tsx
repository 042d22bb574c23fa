import { useMemo, useState } from 'react';
import type { Service } from '#server/contract/service.ts';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useFreshness, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Empty } from '../../ui/empty.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { DeleteDialog } from '../config/delete-document.tsx';
import { ListAndEditor } from '../config/list-and-editor.tsx';
import { CatalogImport } from './catalog-import.tsx';
import { ServiceDetail } from './service-detail.tsx';
import { ServiceEditor, ServiceEditorOf } from './service-editor.tsx';
import { searchServices } from './service-graph.ts';
import { ServiceList } from './service-list.tsx';
import './services.css';
import { useFiringByService, useOwnerOf, useServiceActions, useServiceGraph } from './use-services.ts';

/** The catalog: what there is to break, whose it is, and what depends on what. */
export function ServicesScreen({ params }: ScreenProps) {
  const graph = useServiceGraph();
  const firing = useFiringByService(graph);
  const ownerOf = useOwnerOf();
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCan()('service.save');
  const [text, setText] = useState('');
  const [deleting, setDeleting] = useState<Service | null>(null);
  const wanted = params['id'] ?? null;
  const found = useMemo(() => searchServices(graph, text, ownerOf), [graph, text, ownerOf]);
  const current = wanted === null ? found[0] : graph.services.get(wanted);
  const place = found.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = found[Math.max(0, Math.min(found.length - 1, place + by))];
    if (next !== undefined) navigate(paths.service(next.id));
  };
  useCommands([
    ...besideCommands(go, found.length),
    {
      id: 'service.new',
      keys: null,
      label: t`New service`,
      unavailable: cannot,
      run: () => navigate(paths.service('new')),
    },
    { id: 'service.import', keys: null, label: t`Import a catalog`, run: () => navigate(paths.service('import')) },
  ]);
  if (!ready) return null;
  const empty = graph.services.size === 0;

  return (
    <ListAndEditor
      heading={t`Services`}
      listLabel={t`Catalog`}
      editorLabel={t`Service`}
      wanted={wanted}
      action={
        <>
          <Button onPress={() => navigate(paths.service('import'))}>{t`Import`}</Button>
          <Button
            icon="plus"
            aria-label={t`New service`}
            unavailable={cannot}
            onPress={() => navigate(paths.service('new'))}
          />
        </>
      }
      list={
        empty ? (
          <div className="screen-pad">
            <Empty
              title={t`The catalog is empty`}
              actions={<Button onPress={() => navigate(paths.service('import'))}>{t`Import a file`}</Button>}
            >
              {t`With it, alerts on services that hang together become one incident.`}
            </Empty>
          </div>
        ) : (
          <>
            <div className="service-search">
              <TextField
                label={t`Find a service`}
                hideLabel
                value={text}
                onChange={setText}
                placeholder={t`Name, owner or kind`}
              />
              <span className="small-text faint tabular" role="status">
                {found.length === graph.services.size
                  ? numberText(found.length)
                  : t`${numberText(found.length)} of ${numberText(graph.services.size)}`}
              </span>
            </div>
            <ServiceList
              services={found}
              firing={firing}
              ownerOf={ownerOf}
              currentId={current?.id ?? null}
              old={fresh.state !== 'live'}
            />
          </>
        )
      }
      editor={right()}
      dialog={deleting === null ? null : <DeleteService service={deleting} onClose={() => setDeleting(null)} />}
    />
  );

  function right() {
    if (wanted === 'import') return <CatalogImport />;
    if (wanted === 'new') return <ServiceEditor service={null} graph={graph} />;
    if (current === undefined) {
      if (wanted === null) return null;
      return (
        <Empty
          title={t`This service is not in the catalog`}
          actions={<Button onPress={() => navigate(paths.services())}>{t`All services`}</Button>}
        >
          {t`It was deleted, or its link is from another server.`}
        </Empty>
      );
    }
    if (params['view'] === 'edit') return <ServiceEditorOf key={current.id} service={current} graph={graph} />;
    return <ServiceDetail service={current} graph={graph} firing={firing} onDelete={() => setDeleting(current)} />;
  }
}

function DeleteService({ service, onClose }: { service: Service; onClose: () => void }) {
  const { remove, busy } = useServiceActions();
  return (
    <DeleteDialog
      title={t`Delete the service ${service.name}?`}
      name={service.name}
      cannot={useCan()('service.delete')}
      busy={busy}
      remove={() => remove(service.id)}
      back={paths.services()}
      onClose={onClose}
    >
      {t`Its alerts and incidents stay. What depends on it then depends on a name that nobody described.`}
    </DeleteDialog>
  );
}
