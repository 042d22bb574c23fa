import { useState } from 'react';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';

export function Organisation() {
  const asked = useAsked(['settings'], (api) => api.settings.get.query());
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">One organisation per server. Its name stands in the top bar and on the wall.</p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what="The settings could not be had">
        {(settings) => (
          <NameForm key={settings.organisationName} before={settings.organisationName} onSaved={asked.again} />
        )}
      </AskedBody>
    </>
  );
}

function NameForm({ before, onSaved }: { before: string; onSaved: () => void }) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const [name, setName] = useState(before);
  const call = useCall((api, organisationName: string) => api.settings.set.mutate({ organisationName }));
  const save = async (): Promise<void> => {
    if ((await call.run(name.trim())) === null) return;
    show({ text: 'Saved. Everyone sees the new name when the client starts next.' });
    onSaved();
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={100}
        isDisabled={cannot !== null}
        placeholder="the server's address"
        help={cannot ?? 'Empty shows the address instead.'}
      />
      <Button type="submit" unavailable={cannot} isDisabled={call.busy || name.trim() === before}>
        Save
      </Button>
      {call.failure === null ? null : <Failure what="The name was not saved" failure={call.failure} />}
    </form>
  );
}
