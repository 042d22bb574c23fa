import type { Service } from '#server/contract/service.ts';
import { DeleteButton } from '../config/delete-button.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { Title } from '../../ui/title.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
import { UnsavedMark } from '../config/unsaved-mark.tsx';
import { SavedBy } from '../config/saved-by.tsx';
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
  const fresh = useFreshness();
  const fires = firing.get(service.id);
  const owner = ownerOf(service);
  const source = sourceWords[service.source];
  const edit = (): void => navigate(paths.serviceEditor(service.id));
  useCommands([
    { id: 'service.edit', keys: null, label: t`Edit the service`, unavailable: cannot, run: edit },
    { id: 'service.delete', keys: null, label: t`Delete the service`, unavailable: cannot, run: onDelete },
  ]);
  return (
    <article className="service-detail">
      <header className="editor-head">
        <a className="small-text muted editor-back" href={paths.services()}>
          {t`All services`}
        </a>
        <div className="editor-title">
          <Title className="title clip">{service.name}</Title>
          <span className="row editor-ids">
            <span className="mono faint nowrap">{shortIdOf('service', service.id)}</span>
            <CopyLink entity="service" id={service.id} />
            {source === null ? null : <span className="chip outlined">{source}</span>}
            <UnsavedMark kind="service" id={service.id} />
          </span>
          <SavedBy version={service.version} updatedBy={service.updatedBy} updatedAt={service.updatedAt} />
        </div>
        <DeleteButton name={service.name} unavailable={cannot} onPress={onDelete} />
        <Button look="primary" unavailable={cannot} onPress={edit}>
          {t`Edit`}
        </Button>
      </header>
      {service.description === '' ? null : <p>{service.description}</p>}
      <p className="row service-state">
        {fires === undefined ? null : <Mark kind={fresh.state === 'live' ? fires.worst : 'stale'} />}
        <span>
          {fresh.state === 'live' ? `${firingWords(fires)}.` : t`${firingWords(fires)}, as far as this copy knows.`}
        </span>
        {fires === undefined ? null : <a href={paths.alerts({ service: service.name })}>{t`Its alerts`}</a>}
      </p>
      <KeyValues
        entries={[
          [t`Kind`, kindWords[service.kind]],
          [t`Owner`, owner === '' ? t`Nobody` : owner],
          [t`Tier`, service.tier ?? t`None`],
          ...(service.aliases.length === 0 ? [] : [[t`Also called`, service.aliases.join(', ')] as const]),
          ...(service.journeys.length === 0
            ? []
            : [[t`When it is down`, <Lines key="journeys" of={service.journeys} />] as const]),
        ]}
      />
      <div className="service-columns">
        <Neighbours
          title={t`Depends on`}
          none={t`On nothing, as far as the catalog says.`}
          ids={graph.calls.get(service.id) ?? []}
          graph={graph}
          firing={firing}
        />
        <Neighbours
          title={t`Used by`}
          none={t`By nothing, as far as the catalog says.`}
          ids={graph.callers.get(service.id) ?? []}
          graph={graph}
          firing={firing}
        />
      </div>
      {service.links.length === 0 ? null : (
        <Panel title={t`Links`} count={service.links.length}>
          <ul className="panel-body stack">
            {service.links.map(({ kind, label, url }) => (
              <li key={`${kind} ${url}`} className="row">
                <span className="small-text muted service-link-kind">{term(kind)}</span>
                <SafeLink url={url} className="clip">
                  {label}
                </SafeLink>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t`Alerts are about it when`}>
        <ul className="panel-body stack">
          <li>{service.aliases.length === 0 ? t`they name it` : t`they name it, or one of its other names`}</li>
          {service.bindings.map((binding) => (
            <li key={bindingWords(binding)}>
              {rich`or they carry ${<span className="mono wrap-any">{bindingWords(binding)}</span>}`}
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
                  <span className="small-text muted nowrap">{t`not described`}</span>
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
