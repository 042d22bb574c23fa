import { useState } from 'react';
import { type ApiKey, permissionRoles, type PermissionRole, roleAtLeast } from '#server/contract/people.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCanRole, useMe } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Ago } from '../../ui/time.tsx';

export function ApiKeys() {
  const asked = useAsked(['api-keys'], (api) => api.auth.apiKeys.list.query());
  const offline = useCanRole()('viewer');
  const nowMs = useServerNow();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">{t`For scripts: they act in your name, with a role no higher than yours.`}</p>
        <AskedAge asked={asked} />
        <Button look="primary" icon="plus" unavailable={offline} onPress={() => setCreating(true)}>
          {t`New key`}
        </Button>
      </div>
      <AskedBody asked={asked} what={t`Your keys could not be listed`}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={t`You have no API key`}>{t`Make one for a script; it is shown once.`}</Empty>
          ) : (
            <ul className="settings-list" aria-label={t`Your API keys`}>
              {[...keys]
                .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
                .map((key) => {
                  const over = stateOf(key, nowMs);
                  return (
                    <li key={key.id} className={over === null ? undefined : 'faint'}>
                      <div className="two-line grow">
                        <div className="clip medium">{key.name}</div>
                        <div>
                          {rich`${<span className="mono">…{key.hint}</span>} ${term(key.role)}, made ${key.createdAt.slice(0, 10)}`}
                        </div>
                      </div>
                      <div className="two-line end settings-side">
                        <div>
                          {over ?? (key.expiresAt === null ? t`never expires` : t`until ${key.expiresAt.slice(0, 10)}`)}
                        </div>
                        <div>
                          {key.lastUsedAt === null ? t`never used` : rich`used ${<Ago at={key.lastUsedAt} />} ago`}
                        </div>
                      </div>
                      {over === null ? (
                        <Button compact unavailable={offline} onPress={() => setRevoking(key)}>
                          {t`Revoke…`}
                        </Button>
                      ) : null}
                    </li>
                  );
                })}
            </ul>
          )
        }
      </AskedBody>
      {creating ? (
        <CreateKey
          onClose={() => {
            setCreating(false);
            asked.again();
          }}
        />
      ) : null}
      {revoking === null ? null : (
        <RevokeKey
          apiKey={revoking}
          onClose={() => {
            setRevoking(null);
            asked.again();
          }}
        />
      )}
    </>
  );
}

function stateOf(key: ApiKey, nowMs: number): string | null {
  if (key.revokedAt !== null) return t`revoked ${key.revokedAt.slice(0, 10)}`;
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs) return t`expired ${key.expiresAt.slice(0, 10)}`;
  return null;
}

const lifetimes = [
  { value: '30', label: t`30 days` },
  { value: '90', label: t`90 days` },
  { value: '365', label: t`1 year` },
  { value: 'never', label: t`never` },
] as const;

function CreateKey({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const [name, setName] = useState('');
  const [role, setRole] = useState<PermissionRole>('viewer');
  const [days, setDays] = useState<(typeof lifetimes)[number]['value']>('90');
  const call = useCall((api, input: { name: string; role: PermissionRole; expiresInDays: number | null }) =>
    api.auth.apiKeys.create.mutate(input),
  );
  const [key, setKey] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    if (name.trim() === '') return;
    const answer = await call.run({ name: name.trim(), role, expiresInDays: days === 'never' ? null : Number(days) });
    if (answer !== null) setKey(answer.key);
  };
  if (key !== null) {
    return (
      <Dialog
        title={t`The key ${name.trim()}`}
        open
        onClose={onClose}
        foot={
          <Button look="primary" onPress={onClose}>
            {t`I have copied it`}
          </Button>
        }
      >
        <p className="muted">{t`It is shown this once; the server keeps only a hash of it.`}</p>
        <div className="settings-secret">
          <span className="mono wrap-any grow">{key}</span>
          <CopyButton text={key} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t`New API key`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={name.trim() === '' || call.busy} onPress={() => void make()}>
            {t`Make the key`}
          </Button>
        </>
      }
    >
      <TextField
        label={t`What it is for`}
        value={name}
        onChange={setName}
        placeholder={t`nightly export`}
        autoFocus
        maxLength={300}
      />
      <Select
        label={t`Role: what it may do`}
        options={permissionRoles
          .filter((one) => roleAtLeast(me.role, one))
          .map((one) => ({ value: one, label: term(one) }))}
        value={role}
        onChange={setRole}
      />
      <Select label={t`Expires after`} options={lifetimes} value={days} onChange={setDays} />
      {call.failure === null ? null : <Failure what={t`The key was not made`} failure={call.failure} />}
    </Dialog>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const call = useCall((api, id: string) => api.auth.apiKeys.revoke.mutate({ id }));
  return (
    <Dialog
      title={t`Revoke the key ${apiKey.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button
            look="primary"
            isDisabled={call.busy}
            onPress={() =>
              void call.run(apiKey.id).then((done) => {
                if (done !== null) onClose();
              })
            }
          >
            {t`Revoke`}
          </Button>
        </>
      }
    >
      <p>{t`What uses it is refused within 5 seconds. A revoked key cannot come back.`}</p>
      {call.failure === null ? null : <Failure what={t`It was not revoked`} failure={call.failure} />}
    </Dialog>
  );
}
