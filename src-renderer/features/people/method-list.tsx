import { useState } from 'react';
import { type ContactKind, contactKinds } from '#server/contract/channel.ts';
import type { ContactMethodDraft, Responder } from '#server/contract/responder.ts';
import { t } from '../../language/words.ts';
import { useMe, useSession, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Menu } from '../../ui/menu.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type ProfileErrors, verificationOf } from './profile-draft.ts';
import { carrierOf, kindWords, methodName } from './profile-words.ts';
import { VerifyDialog } from './verify-dialog.tsx';

interface MethodListProps {
  methods: readonly ContactMethodDraft[];
  saved: Responder | undefined;
  mine: boolean;
  disabled: boolean;
  errors: ProfileErrors;
  onChange: (methods: ContactMethodDraft[]) => void;
}

/** Ways to reach the person; one that was not proven by its code is never used. */
export function MethodList({ methods, saved, mine, disabled, errors, onChange }: MethodListProps) {
  const me = useMe();
  const { uuid } = useSession();
  const [verifying, setVerifying] = useState<string | null>(null);
  const channels = useTable('channel');
  const carried = new Set([...channels.rows.values()].filter(({ enabled }) => enabled).map(({ kind }) => kind));
  const add = (kind: ContactKind): void =>
    onChange([...methods, { id: uuid(), kind, address: '', label: '', channelId: null, enabled: true }]);
  return (
    <section className="stack profile-section" aria-label={t`Ways to reach`}>
      <div className="row">
        <h2 className="grow">{mine ? t`Ways to reach me` : t`Ways to reach this person`}</h2>
        {disabled ? null : (
          <Menu
            label={t`Add a way`}
            trigger={
              <Button compact icon="plus">
                {t`Add a way`}
              </Button>
            }
            actions={contactKinds.map((kind) => ({
              id: kind,
              label: kindWords[kind].name,
              icon: kindWords[kind].icon,
              run: () => add(kind),
              unavailable:
                kind === 'desktop' && methods.some((method) => method.kind === 'desktop') ? t`it is there` : null,
            }))}
          />
        )}
      </div>
      <ul className="methods" aria-label={t`Ways to reach`}>
        {methods.map((method, index) => {
          const words = kindWords[method.kind];
          const carrier = carrierOf[method.kind];
          const set = (change: Partial<ContactMethodDraft>): void =>
            onChange(methods.with(index, { ...method, ...change }));
          return (
            <li key={method.id} className={method.enabled ? 'method' : 'method off'}>
              <span className="method-icon muted">
                <Icon name={words.icon} />
              </span>
              <div className="method-main">
                <div className="medium">{words.name}</div>
                {method.kind === 'desktop' ? (
                  <div className="small-text muted">
                    {mine
                      ? t`Wherever you are signed in; nothing to prove.`
                      : t`Wherever they are signed in; nothing to prove.`}
                  </div>
                ) : (
                  <div className="method-fields">
                    <TextField
                      label={words.address}
                      hideLabel
                      value={method.address}
                      onChange={(address) => set({ address })}
                      placeholder={words.placeholder}
                      error={errors[`method:${method.id}`] ?? null}
                      isDisabled={disabled}
                      spellCheck="false"
                    />
                    <TextField
                      label={t`Label of ${words.name}`}
                      hideLabel
                      value={method.label}
                      onChange={(label) => set({ label })}
                      placeholder={t`label: work, private`}
                      isDisabled={disabled}
                      maxLength={100}
                    />
                  </div>
                )}
                {carrier !== null && !carried.has(carrier) ? (
                  <div className="small-text muted">{t`No channel carries this yet; an admin adds one under Channels.`}</div>
                ) : null}
              </div>
              <Verification method={method} saved={saved} mine={mine} onVerify={() => setVerifying(method.id)} />
              {disabled ? null : (
                <Menu
                  label={methodName(method)}
                  trigger={
                    <Button look="ghost" compact icon="dots" aria-label={t`Actions for ${methodName(method)}`} />
                  }
                  actions={[
                    {
                      id: 'enabled',
                      label: method.enabled ? t`Switch off` : t`Switch on`,
                      run: () => set({ enabled: !method.enabled }),
                    },
                    {
                      id: 'remove',
                      label: t`Take away`,
                      icon: 'trash',
                      run: () => onChange(methods.toSpliced(index, 1)),
                    },
                  ]}
                />
              )}
            </li>
          );
        })}
      </ul>
      {verifying === null ? null : (
        <VerifyDialog
          userId={me.id}
          method={methods.find(({ id }) => id === verifying)}
          saved={saved}
          onClose={() => setVerifying(null)}
        />
      )}
    </section>
  );
}

interface VerificationProps {
  method: ContactMethodDraft;
  saved: Responder | undefined;
  mine: boolean;
  onVerify: () => void;
}

function Verification({ method, saved, mine, onVerify }: VerificationProps) {
  if (!method.enabled) return <span className="chip dashed">{t`off`}</span>;
  switch (verificationOf(method, saved)) {
    case 'not-needed':
      return (
        <span className="row small-text muted">
          <Mark kind="ok" size="small" label={t`Usable`} /> {t`ready`}
        </span>
      );
    case 'verified':
      return (
        <span className="row small-text muted nowrap">
          <Mark kind="ok" size="small" label={t`Verified`} /> {t`verified`}
        </span>
      );
    case 'unsaved':
      return <span className="small-text muted nowrap">{t`save, then verify`}</span>;
    case 'unverified':
      return (
        <span className="row nowrap">
          <span className="row small-text">
            <Mark kind="unknown" size="small" label={t`Not verified`} /> {t`not verified`}
          </span>
          {mine ? (
            <Button compact onPress={onVerify}>
              {t`Verify…`}
            </Button>
          ) : null}
        </span>
      );
  }
}
