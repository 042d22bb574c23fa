import { useMemo, useState } from 'react';
import type { Service } from '#server/contract/service.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useFreshness, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { Refusal } from '../config/editor-head.tsx';
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
      label: 'New service',
      unavailable: cannot,
      run: () => navigate(paths.service('new')),
    },
    { id: 'service.import', keys: null, label: 'Import a catalog', run: () => navigate(paths.service('import')) },
  ]);
  if (!ready) return null;
  const empty = graph.services.size === 0;

  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Catalog">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Services</Title>
          </TitleLevel>
          <span className="small-text muted clip">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button onPress={() => navigate(paths.service('import'))}>Import</Button>
          <Button
            icon="plus"
            aria-label="New service"
            unavailable={cannot}
            onPress={() => navigate(paths.service('new'))}
          />
        </header>
        {empty ? (
          <div className="screen-pad">
            <Empty
              title="The catalog is empty"
              actions={<Button onPress={() => navigate(paths.service('import'))}>Import a file</Button>}
            >
              With it, alerts on services that hang together become one incident.
            </Empty>
          </div>
        ) : (
          <>
            <div className="service-search">
              <TextField
                label="Find a service"
                hideLabel
                value={text}
                onChange={setText}
                placeholder="Name, owner or kind"
              />
              <span className="small-text faint tabular" role="status">
                {found.length === graph.services.size
                  ? found.length.toLocaleString('en')
                  : `${found.length.toLocaleString('en')} of ${graph.services.size.toLocaleString('en')}`}
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
        )}
      </section>
      <section className="grouping-right" aria-label="Service">
        <TitleLevel value={wanted === null ? 2 : 1}>{right()}</TitleLevel>
      </section>
      {deleting === null ? null : <DeleteService service={deleting} onClose={() => setDeleting(null)} />}
    </div>
  );

  function right() {
    if (wanted === 'import') return <CatalogImport />;
    if (wanted === 'new') return <ServiceEditor service={null} graph={graph} />;
    if (current === undefined) {
      if (wanted === null) return null;
      return (
        <Empty
          title="This service is not in the catalog"
          actions={<Button onPress={() => navigate(paths.services())}>All services</Button>}
        >
          It was deleted, or its link is from another server.
        </Empty>
      );
    }
    if (params['view'] === 'edit') return <ServiceEditorOf key={current.id} name={current.id} graph={graph} />;
    return <ServiceDetail service={current} graph={graph} firing={firing} onDelete={() => setDeleting(current)} />;
  }
}

function DeleteService({ service, onClose }: { service: Service; onClose: () => void }) {
  const { remove, busy } = useServiceActions();
  const cannot = useCan()('service.delete');
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    const removed = await remove(service.id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    navigate(paths.services());
  };
  return (
    <Dialog
      title={`Delete the service ${service.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>Its alerts and incidents stay. What depends on it then depends on a name that nobody described.</p>
      <Refusal reason={refusal} what="It was not deleted" />
    </Dialog>
  );
}
