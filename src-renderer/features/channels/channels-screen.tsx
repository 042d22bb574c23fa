import { useMemo, useState } from 'react';
import { type Channel, ChannelKind, channelKinds, type ChannelTypeInfo } from '#server/contract/channel.ts';
import { AskedBody, useAsked } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { DeleteDocument } from '../routing/delete-document.tsx';
import '../routing/routing.css';
import { ChannelEditor } from './channel-editor.tsx';
import { checkedWords } from './channel-words.ts';
import './channels.css';

const unreadableHere = ['channel'] as const;

/** Ways out, by kind, with how each fares. `#/channels/new-KIND` is one that is not saved yet. */
export function ChannelsScreen({ params }: ScreenProps) {
  const table = useTable('channel');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCanWrite('channel');
  const now = useServerNow();
  const [deleting, setDeleting] = useState<Channel | null>(null);
  const types = useAsked(['channel-types'], (api) => api.channels.types.query(), {
    goodForMs: 3_600_000,
  });
  const typeOf = (kind: ChannelKind): ChannelTypeInfo | undefined => types.data?.find((type) => type.kind === kind);
  const list = useMemo(
    () =>
      [...table.rows.values()].toSorted(
        (a, b) => channelKinds.indexOf(a.kind) - channelKinds.indexOf(b.kind) || a.name.localeCompare(b.name),
      ),
    [table],
  );
  const wanted = params['id'] ?? null;
  const newKind = ChannelKind.safeParse(wanted?.replace(/^new-/, ''));
  const making = wanted !== null && wanted.startsWith('new-') && newKind.success ? newKind.data : null;
  const current = making === null ? (list.find(({ id }) => id === wanted) ?? list[0]) : null;
  const place = list.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = list[Math.max(0, Math.min(list.length - 1, place + by))];
    if (next !== undefined) navigate(paths.channel(next.id));
  };
  useCommands([...besideCommands(go, list.length)]);
  if (!ready) return null;
  const shownKind = making ?? current?.kind ?? null;
  const type = shownKind === null ? undefined : typeOf(shownKind);
  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Channels">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Channels</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <NewChannel types={types.data ?? []} cannot={cannot} />
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <p className="grouping-about">Ways out. The desktop needs none: it is wherever a person is signed in.</p>
        {list.length === 0 ? (
          <div className="screen-pad">
            <Empty title="The desktop is the only way out">
              People are paged in this client and nowhere else. Add mail, texts and calls, or Slack, so that a page
              finds somebody who is not at the screen.
            </Empty>
          </div>
        ) : (
          <ul className="rule-list" aria-label="Channels">
            {list.map((channel, index) => {
              const info = typeOf(channel.kind);
              const first = list[index - 1]?.kind !== channel.kind;
              return (
                <li key={channel.id} className="channel-item">
                  {first ? <div className="channel-kind">{info?.name ?? channel.kind}</div> : null}
                  <div className={channel.id === current?.id ? 'rule-item focused' : 'rule-item'}>
                    <span className="muted">
                      <Icon name={channel.enabled && channel.lastError === null ? 'send' : 'refused'} small />
                    </span>
                    <a
                      className="rule-link"
                      href={paths.channel(channel.id)}
                      aria-current={channel.id === current?.id ? 'true' : undefined}
                    >
                      <span className="row">
                        <span className="clip medium">{channel.name}</span>
                        {channel.enabled ? null : <span className="chip dashed">off</span>}
                        {info === undefined || checkedWords(info).verified ? null : (
                          <span className="chip outlined">unverified</span>
                        )}
                      </span>
                      <span className="small-text muted clip">
                        {channel.lastSentAt === null
                          ? 'nothing sent yet'
                          : `last sent ${shortAgo(now - Date.parse(channel.lastSentAt))} ago`}
                      </span>
                      {channel.lastError === null ? null : (
                        <span className="small-text clip" title={channel.lastError.message}>
                          Failed {shortAgo(now - Date.parse(channel.lastError.at))} ago: {channel.lastError.message}
                        </span>
                      )}
                    </a>
                    <span />
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </section>
      <section className="grouping-right" aria-label="Channel">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {shownKind === null ? (
            <KindGuide types={types.data ?? []} cannot={cannot} />
          ) : type === undefined ? (
            <div className="channel-wait">
              <AskedBody asked={types} what="The kinds of channels could not be read">
                {() => <Empty title="This kind of channel is not known to the server" />}
              </AskedBody>
            </div>
          ) : (
            <ChannelEditor
              key={current?.id ?? `new ${shownKind}`}
              channel={current ?? null}
              type={type}
              onDelete={() => setDeleting(current ?? null)}
            />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : (
        <DeleteDocument
          kind="channel"
          id={deleting.id}
          title={`Delete the channel ${deleting.name}?`}
          back={paths.channels()}
          onClose={() => setDeleting(null)}
        >
          Its secrets are deleted with it. What it carried for people goes another way, or not at all.
        </DeleteDocument>
      )}
    </div>
  );
}

function NewChannel({ types, cannot }: { types: readonly ChannelTypeInfo[]; cannot: string | null }) {
  if (cannot !== null)
    return (
      <Button icon="plus" unavailable={cannot}>
        New channel
      </Button>
    );
  return (
    <Menu
      label="Kind of the new channel"
      trigger={<Button icon="plus">New channel</Button>}
      actions={types.map(({ kind, name }) => ({
        id: kind,
        label: name,
        run: () => navigate(paths.channel(`new-${kind}`)),
      }))}
    />
  );
}

/** While there is no channel yet: what each kind can do. */
function KindGuide({ types, cannot }: { types: readonly ChannelTypeInfo[]; cannot: string | null }) {
  return (
    <div className="channel-kinds">
      <h2>Kinds of channels</h2>
      <ul>
        {types.map((type) => (
          <li key={type.kind}>
            <div className="two-line grow">
              <div className="medium">{type.name}</div>
              <div>{type.description}</div>
            </div>
            <Button
              compact
              aria-label={`Add ${type.name}`}
              unavailable={cannot}
              onPress={() => navigate(paths.channel(`new-${type.kind}`))}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
