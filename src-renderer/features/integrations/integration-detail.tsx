import { useState } from 'react';
import type { Integration } from '#server/contract/integration.ts';
import { Failure, useCall } from '../../api/asked.tsx';
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
    <aside className="integration-side" aria-label={`Integration ${integration.name}`}>
      <div className="side-head">
        <h2 className="clip grow">{integration.name}</h2>
        <Button look="ghost" compact icon="close" aria-label="Close" onPress={() => navigate(paths.integrations())} />
      </div>
      <div className="side-actions">
        <Button unavailable={cannot} onPress={() => setAsking('rotate')} icon="replay">
          Rotate the key…
        </Button>
        <Button
          unavailable={cannot}
          isDisabled={update.busy}
          onPress={() => void update.run({ enabled: !integration.enabled })}
        >
          {integration.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        <Button unavailable={cannot} onPress={() => setAsking('rename')}>
          Rename…
        </Button>
        <Button unavailable={cannot} onPress={() => setAsking('delete')} icon="trash">
          Delete…
        </Button>
      </div>
      {update.failure === null ? null : <Failure what="It was not changed" failure={update.failure} />}
      <dl className="integration-facts">
        <dt>Kind</dt>
        <dd>{kindName(integration.kind)}</dd>
        <dt>Key ends in</dt>
        <dd className="mono">…{integration.keyHint}</dd>
        <dt>Made</dt>
        <dd>
          {integration.createdAt.slice(0, 10)} <Time at={integration.createdAt} zone />
        </dd>
        <dt>Last seen</dt>
        <dd>
          {integration.lastSeenAt === null ? (
            'never'
          ) : (
            <>
              <Ago at={integration.lastSeenAt} /> ago, at <Time at={integration.lastSeenAt} seconds zone />
            </>
          )}
        </dd>
        <dt>Accepted</dt>
        <dd>{integration.acceptedCount.toLocaleString('en')}</dd>
        <dt>Refused</dt>
        <dd>{integration.errorCount.toLocaleString('en')}</dd>
      </dl>
      {integration.enabled ? null : (
        <p className="small-text muted">
          It is switched off: what it sends is refused with 401 until it is switched on again.
        </p>
      )}
      {integration.lastError === null ? null : (
        <section aria-label="Last refusal">
          <SectionHead
            title="Last refusal"
            count={
              <>
                <Ago at={integration.lastError.at} /> ago
              </>
            }
          />
          <p className="integration-error">{integration.lastError.message}</p>
        </section>
      )}
      {integration.kind === 'generic' ? <MappingEditor integration={integration} /> : null}
      <section aria-label="How to send">
        <SectionHead title="How to send" count="without the key, which is shown once" />
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
        title={`${integration.name}: the new key`}
        open
        wide
        onClose={onClose}
        foot={
          <Button look="primary" onPress={onClose}>
            I have copied the key
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
      title={`Rotate the key of ${integration.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep the key</Button>
          <Button look="primary" isDisabled={rotate.busy} onPress={() => void run()}>
            Rotate
          </Button>
        </>
      }
    >
      <p>
        The key that ends in <span className="mono">…{integration.keyHint}</span> stops working within 5 seconds.
        Whatever sends with it is refused until it has the new key, and alerts sent meanwhile are not taken.
      </p>
      {rotate.failure === null ? null : <Failure what="The key was not rotated" failure={rotate.failure} />}
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
      title={`Delete ${integration.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" isDisabled={remove.busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        Its key stops working within 5 seconds, and what sends with it is refused from then on. Its alerts and incidents
        stay.
      </p>
      {remove.failure === null ? null : <Failure what="It was not deleted" failure={remove.failure} />}
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
      title="Rename the integration"
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" isDisabled={rename.busy || name.trim() === ''} onPress={() => void run()}>
            Rename
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus maxLength={300} />
      {rename.failure === null ? null : <Failure what="It was not renamed" failure={rename.failure} />}
    </Dialog>
  );
}
