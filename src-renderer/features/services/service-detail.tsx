import type { Service } from '#server/contract/service.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness, useNameOf } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { Time } from '../../ui/time.tsx';
import { Title } from '../../ui/title.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
import { bindingWords } from './service-draft.ts';
import type { Firing, ServiceGraph } from './service-graph.ts';
import { ServiceRunbook } from './service-runbook.tsx';
import { firingWords, kindWords, sourceWords } from './service-words.ts';
import { useOwnerOf } from './use-services.ts';

interface ServiceDetailProps {
  service: Service;
  graph: ServiceGraph;
  firing: ReadonlyMap<string, Firing>;
  onDelete: () => void;
}

/** One service: how it is, whose it is, and what stands and falls with it. */
export function ServiceDetail({ service, graph, firing, onDelete }: ServiceDetailProps) {
  const cannot = useCan()('service.save');
  const ownerOf = useOwnerOf();
  const nameOf = useNameOf();
  const fresh = useFreshness();
  const fires = firing.get(service.id);
  const owner = ownerOf(service);
  const source = sourceWords[service.source];
  const edit = (): void => navigate(paths.serviceEditor(service.id));
  useCommands([
    { id: 'service.edit', keys: null, label: 'Edit the service', unavailable: cannot, run: edit },
    { id: 'service.delete', keys: null, label: 'Delete the service', unavailable: cannot, run: onDelete },
  ]);
  return (
    <article className="service-detail">
      <header className="editor-head">
        <a className="small-text muted editor-back" href={paths.services()}>
          All services
        </a>
        <Title className="title clip">{service.name}</Title>
        <span className="mono faint nowrap">{shortIdOf('service', service.id)}</span>
        <CopyLink entity="service" id={service.id} />
        {source === null ? null : <span className="chip outlined">{source}</span>}
        <span className="small-text faint nowrap editor-by">
          version {service.version}
          {service.updatedBy === null ? '' : `, ${nameOf(service.updatedBy)}`}, {service.updatedAt.slice(0, 10)}{' '}
          <Time at={service.updatedAt} zone />
        </span>
        <span className="grow" />
        <Button
          look="ghost"
          icon="trash"
          aria-label={`Delete ${service.name}`}
          unavailable={cannot}
          onPress={onDelete}
        />
        <Button look="primary" unavailable={cannot} onPress={edit}>
          Edit
        </Button>
      </header>
      {service.description === '' ? null : <p>{service.description}</p>}
      <p className="row service-state">
        {fires === undefined ? null : <Mark kind={fresh.state === 'live' ? fires.worst : 'stale'} />}
        <span>
          {firingWords(fires)}
          {fresh.state === 'live' ? '.' : ', as far as this copy knows.'}
        </span>
        {fires === undefined ? null : <a href={paths.alerts({ service: service.name })}>Its alerts</a>}
      </p>
      <KeyValues
        entries={[
          ['Kind', kindWords[service.kind]],
          ['Owner', owner === '' ? 'Nobody' : owner],
          ['Tier', service.tier ?? 'None'],
          ...(service.aliases.length === 0 ? [] : [['Also called', service.aliases.join(', ')] as const]),
          ...(service.journeys.length === 0
            ? []
            : [['When it is down', <Lines key="journeys" of={service.journeys} />] as const]),
        ]}
      />
      <div className="service-columns">
        <Neighbours
          title="Depends on"
          none="On nothing, as far as the catalog says."
          ids={graph.calls.get(service.id) ?? []}
          graph={graph}
          firing={firing}
        />
        <Neighbours
          title="Used by"
          none="By nothing, as far as the catalog says."
          ids={graph.callers.get(service.id) ?? []}
          graph={graph}
          firing={firing}
        />
      </div>
      {service.links.length === 0 ? null : (
        <Panel title="Links" count={service.links.length}>
          <ul className="panel-body stack">
            {service.links.map(({ kind, label, url }) => (
              <li key={`${kind} ${url}`} className="row">
                <span className="small-text muted service-link-kind">{kind}</span>
                <SafeLink url={url} className="clip">
                  {label}
                </SafeLink>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Alerts are about it when">
        <ul className="panel-body stack">
          <li>{service.aliases.length === 0 ? 'they name it' : 'they name it, or one of its other names'}</li>
          {service.bindings.map((binding) => (
            <li key={bindingWords(binding)}>
              or they carry <span className="mono wrap-any">{bindingWords(binding)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      {service.hasRunbook ? <ServiceRunbook service={service} /> : null}
    </article>
  );
}

function Neighbours(props: {
  title: string;
  none: string;
  ids: readonly string[];
  graph: ServiceGraph;
  firing: ReadonlyMap<string, Firing>;
}) {
  const { title, none, ids, graph, firing } = props;
  const old = useFreshness().state !== 'live';
  return (
    <Panel title={title} count={ids.length === 0 ? undefined : ids.length}>
      {ids.length === 0 ? (
        <p className="panel-body small-text muted">{none}</p>
      ) : (
        <ul className="panel-body service-neighbours">
          {ids.map((id) => {
            const service = graph.services.get(id);
            const fires = firing.get(id);
            if (service === undefined) {
              return (
                <li key={id} className="row">
                  <Mark kind="unknown" size="small" />
                  <span className="clip">{graph.nodes.get(id)?.name ?? id}</span>
                  <span className="small-text muted nowrap">not described</span>
                </li>
              );
            }
            return (
              <li key={id} className="row">
                <span className="service-mark">
                  {fires === undefined ? null : (
                    <Mark kind={old ? 'stale' : fires.worst} size="small" label={firingWords(fires)} />
                  )}
                </span>
                <a className="clip" href={paths.service(id)}>
                  {service.name}
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

function Lines({ of: lines }: { of: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
