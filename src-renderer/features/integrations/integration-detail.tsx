import { useState } from 'react';
import type { Integration } from '#server/contract/integration.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { KeyShownOnce } from './key-shown-once.tsx';
import { MappingEditor } from './mapping-editor.tsx';
import { originOf, SetupGuide } from './setup-guide.tsx';
import { kindName } from './setup-text.ts';

type Asking = 'rotate' | 'delete' | 'rename' | null;

export function IntegrationDetail({ integration }: { integration: Integration }) {
  const { serverUrl } = useSession();
  const cannot = useCanRole()('manager');
  const [asking, setAsking] = useState<Asking>(null);
  const update = useCall((api, change: { enabled?: boolean; name?: string }) =>
    api.integrations.update.mutate({ id: integration.id, ...change }),
  );

  return (
    <aside className="integration-side" aria-label={t`Integration ${integration.name}`}>
      <div className="side-head">
        <h2 className="clip grow">{integration.name}</h2>
        <Button
          look="ghost"
          compact
          icon="close"
          aria-label={t`Close`}
          onPress={() => navigate(paths.integrations())}
        />
      </div>
      <div className="side-actions">
        <Button unavailable={cannot} onPress={() => setAsking('rotate')} icon="replay">
          {t`Rotate the key…`}
        </Button>
        <Button
          unavailable={cannot}
          isDisabled={update.busy}
          onPress={() => void update.run({ enabled: !integration.enabled })}
        >
          {integration.enabled ? t`Switch off` : t`Switch on`}
        </Button>
        <Button unavailable={cannot} onPress={() => setAsking('rename')}>
          {t`Rename…`}
        </Button>
        <Button unavailable={cannot} onPress={() => setAsking('delete')} icon="trash">
          {t`Delete…`}
        </Button>
      </div>
      {update.failure === null ? null : <Failure what={t`It was not changed`} failure={update.failure} />}
      <dl className="integration-facts">
        <dt>{t`Kind`}</dt>
        <dd>{kindName(integration.kind)}</dd>
        <dt>{t`Key ends in`}</dt>
        <dd className="mono">…{integration.keyHint}</dd>
        <dt>{t`Made`}</dt>
        <dd>
          {integration.createdAt.slice(0, 10)} <Time at={integration.createdAt} zone />
        </dd>
        <dt>{t`Last seen`}</dt>
        <dd>
          {integration.lastSeenAt === null
            ? t`never`
            : rich`${<Ago at={integration.lastSeenAt} />} ago, at ${<Time at={integration.lastSeenAt} seconds zone />}`}
        </dd>
        <dt>{t`Accepted`}</dt>
        <dd>{numberText(integration.acceptedCount)}</dd>
        <dt>{t`Refused`}</dt>
        <dd>{numberText(integration.errorCount)}</dd>
      </dl>
      {integration.enabled ? null : (
        <p className="small-text muted">
          {t`It is switched off: what it sends is refused with 401 until it is switched on again.`}
        </p>
      )}
      {integration.lastError === null ? null : (
        <section aria-label={t`Last refusal`}>
          <SectionHead title={t`Last refusal`} count={rich`${<Ago at={integration.lastError.at} />} ago`} />
          <p className="integration-error">{integration.lastError.message}</p>
        </section>
      )}
      {integration.kind === 'generic' ? <MappingEditor integration={integration} /> : null}
      <section aria-label={t`How to send`}>
        <SectionHead title={t`How to send`} count={t`without the key, which is shown once`} />
        <SetupGuide kind={integration.kind} origin={serverUrl} apiKey={null} />
      </section>
      {asking === 'rotate' ? <RotateDialog integration={integration} onClose={() => setAsking(null)} /> : null}
      {asking === 'delete' ? <DeleteDialog integration={integration} onClose={() => setAsking(null)} /> : null}
      {asking === 'rename' ? <RenameDialog integration={integration} onClose={() => setAsking(null)} /> : null}
    </aside>
  );
}

interface DialogProps {
  integration: Integration;
  onClose: () => void;
}

function RotateDialog({ integration, onClose }: DialogProps) {
  const { serverUrl } = useSession();
  const rotate = useCall((api, id: string) => api.integrations.rotate.mutate({ id }));
  const [made, setMade] = useState<{ key: string; origin: string } | null>(null);
  if (made !== null) {
    return (
      <Dialog
        title={t`${integration.name}: the new key`}
        open
        wide
        onClose={onClose}
        foot={
          <Button look="primary" onPress={onClose}>
            {t`I have copied the key`}
          </Button>
        }
      >
        <KeyShownOnce apiKey={made.key} kind={integration.kind} origin={made.origin} />
      </Dialog>
    );
  }
  const run = async (): Promise<void> => {
    const answer = await rotate.run(integration.id);
    if (answer !== null) setMade({ key: answer.key, origin: originOf(answer.url, serverUrl) });
  };
  return (
    <Dialog
      title={t`Rotate the key of ${integration.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep the key`}</Button>
          <Button look="primary" isDisabled={rotate.busy} onPress={() => void run()}>
            {t`Rotate`}
          </Button>
        </>
      }
    >
      <p>
        {rich`The key that ends in ${<span className="mono">…{integration.keyHint}</span>} stops working within 5 seconds. Whatever sends with it is refused until it has the new key, and alerts sent meanwhile are not taken.`}
      </p>
      {rotate.failure === null ? null : <Failure what={t`The key was not rotated`} failure={rotate.failure} />}
    </Dialog>
  );
}

function DeleteDialog({ integration, onClose }: DialogProps) {
  const remove = useCall((api, id: string) => api.integrations.delete.mutate({ id }));
  const run = async (): Promise<void> => {
    if ((await remove.run(integration.id)) === null) return;
    onClose();
    navigate(paths.integrations());
  };
  return (
    <Dialog
      title={t`Delete ${integration.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" isDisabled={remove.busy} onPress={() => void run()}>
            {t`Delete`}
          </Button>
        </>
      }
    >
      <p>
        {t`Its key stops working within 5 seconds, and what sends with it is refused from then on. Its alerts and incidents stay.`}
      </p>
      {remove.failure === null ? null : <Failure what={t`It was not deleted`} failure={remove.failure} />}
    </Dialog>
  );
}

function RenameDialog({ integration, onClose }: DialogProps) {
  const [name, setName] = useState(integration.name);
  const rename = useCall((api, next: string) => api.integrations.update.mutate({ id: integration.id, name: next }));
  const run = async (): Promise<void> => {
    if (name.trim() !== '' && (await rename.run(name.trim())) !== null) onClose();
  };
  return (
    <Dialog
      title={t`Rename the integration`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={rename.busy || name.trim() === ''} onPress={() => void run()}>
            {t`Rename`}
          </Button>
        </>
      }
    >
      <TextField label={t`Name`} value={name} onChange={setName} autoFocus maxLength={300} />
      {rename.failure === null ? null : <Failure what={t`It was not renamed`} failure={rename.failure} />}
    </Dialog>
  );
}
