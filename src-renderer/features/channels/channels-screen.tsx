import { useMemo, useState } from 'react';
import { byName } from '../../by-name.ts';
import { type Channel, ChannelKind, channelKinds, type ChannelTypeInfo } from '#server/contract/channel.ts';
import { AskedBody, useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { DeleteDocument } from '../config/delete-document.tsx';
import { UnsavedMark } from '../config/unsaved-mark.tsx';
import '../routing/routing.css';
import { ChannelEditor } from './channel-editor.tsx';
import { checkedWords, typeInWords } from './channel-words.ts';
import './channels.css';

const unreadableHere = ['channel'] as const;

/** Ways out, by kind, with how each fares. `#/channels/new-KIND` is one that is not saved yet. */
export function ChannelsScreen({ params }: ScreenProps) {
  const table = useTable('channel');
  const ready = useReplica((state) => state.ready);
  const cannot = useCanWrite('channel');
  const now = useServerNow();
  const [deleting, setDeleting] = useState<Channel | null>(null);
  const types = useAsked(['channel-types'], (api) => api.channels.types.query(), {
    goodForMs: 3_600_000,
  });
  const kinds = useMemo(() => (types.data ?? []).map(typeInWords), [types.data]);
  const typeOf = (kind: ChannelKind): ChannelTypeInfo | undefined => kinds.find((type) => type.kind === kind);
  const list = useMemo(
    () =>
      [...table.rows.values()].toSorted(
        (a, b) => channelKinds.indexOf(a.kind) - channelKinds.indexOf(b.kind) || byName(a.name, b.name),
      ),
    [table],
  );
  const wanted = params['id'] ?? null;
  const newKind = ChannelKind.safeParse(wanted?.replace(/^new-/, ''));
  const making = wanted !== null && wanted.startsWith('new-') && newKind.success ? newKind.data : null;
  const current = useChosen(list, wanted, paths.channel, making !== null);
  if (!ready) return null;
  const shownKind = making ?? current?.kind ?? null;
  const type = shownKind === null ? undefined : typeOf(shownKind);
  return (
    <ListAndEditor
      heading={t`Channels`}
      listLabel={t`Channels`}
      editorLabel={t`Channel`}
      wanted={wanted}
      action={<NewChannel types={kinds} cannot={cannot} />}
      above={<UnreadableDocuments kinds={unreadableHere} />}
      about={t`Ways out. The desktop needs none: it is wherever a person is signed in.`}
      list={
        list.length === 0 ? (
          <div className="screen-pad">
            <Empty title={t`The desktop is the only way out`}>
              {t`People are paged in this client and nowhere else. Add mail, texts and calls, or Slack, so that a page finds somebody who is not at the screen.`}
            </Empty>
          </div>
        ) : (
          <ul className="rule-list" aria-label={t`Channels`}>
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
                        {channel.enabled ? null : <span className="chip dashed">{t`off`}</span>}
                        <UnsavedMark kind="channel" id={channel.id} />
                        {info === undefined || checkedWords(info).verified ? null : (
                          <span className="chip outlined">{t`unverified`}</span>
                        )}
                      </span>
                      <span className="small-text muted clip">
                        {channel.lastSentAt === null
                          ? t`nothing sent yet`
                          : t`last sent ${shortAgo(now - Date.parse(channel.lastSentAt))} ago`}
                      </span>
                      {channel.lastError === null ? null : (
                        <span className="small-text clip" title={channel.lastError.message}>
                          {t`Failed ${shortAgo(now - Date.parse(channel.lastError.at))} ago: ${channel.lastError.message}`}
                        </span>
                      )}
                    </a>
                    <span />
                  </div>
                </li>
              );
            })}
          </ul>
        )
      }
      editor={
        shownKind === null ? (
          wanted === null ? (
            <KindGuide types={kinds} cannot={cannot} />
          ) : null
        ) : type === undefined ? (
          <div className="channel-wait">
            <AskedBody asked={types} what={t`The kinds of channels could not be read`}>
              {() => <Empty title={t`This kind of channel is not known to the server`} />}
            </AskedBody>
          </div>
        ) : (
          <ChannelEditor
            key={current?.id ?? `new ${shownKind}`}
            channel={current ?? null}
            type={type}
            onDelete={() => setDeleting(current ?? null)}
          />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDocument
            kind="channel"
            id={deleting.id}
            title={t`Delete the channel ${deleting.name}?`}
            back={paths.channels()}
            onClose={() => setDeleting(null)}
          >
            {t`Its secrets are deleted with it. What it carried for people goes another way, or not at all.`}
          </DeleteDocument>
        )
      }
    />
  );
}

function NewChannel({ types, cannot }: { types: readonly ChannelTypeInfo[]; cannot: string | null }) {
  if (cannot !== null)
    return (
      <Button icon="plus" unavailable={cannot}>
        {t`New channel`}
      </Button>
    );
  return (
    <Menu
      label={t`Kind of the new channel`}
      trigger={<Button icon="plus">{t`New channel`}</Button>}
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
      <h2>{t`Kinds of channels`}</h2>
      <ul>
        {types.map((type) => (
          <li key={type.kind}>
            <div className="two-line grow">
              <div className="medium">{type.name}</div>
              <div>{type.description}</div>
            </div>
            <Button
              compact
              aria-label={t`Add ${type.name}`}
              unavailable={cannot}
              onPress={() => navigate(paths.channel(`new-${type.kind}`))}
            >
              {t`Add`}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
