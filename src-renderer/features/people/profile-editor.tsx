import { useMemo, useState } from 'react';
import { paths } from '../../paths.ts';
import { useEntity, useMe, useNameOf, useSession } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { PlainField } from '../../ui/plain-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone, localField, placeOf } from '../../zone-time.ts';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { MethodList } from './method-list.tsx';
import './people.css';
import { checkProfile, formOf, type ProfileForm, ruleSets, verificationOf } from './profile-draft.ts';
import { reachWarnings } from './profile-words.ts';
import { RuleSet } from './rule-set.tsx';
import { TestPage } from './test-page.tsx';

const unprovenStates: ReadonlySet<string> = new Set(['unsaved', 'unverified']);

/** How one person is reached: ways with their proof, what a page does with them, and when not to disturb. */
export function ProfileEditor({ userId, inSettings = false }: { userId: string; inSettings?: boolean }) {
  const me = useMe();
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const now = useServerNow();
  const responder = useEntity('responder', userId);
  const cannot = useCanWrite('responder', [userId]);
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [desktopId] = useState(uuid);
  const [form, setForm] = useState<ProfileForm>(() => formOf(responder, deviceZone(), desktopId));
  const [basis, setBasis] = useState(responder);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('responder', userId);
  const { draft, errors } = useMemo(() => checkProfile(form), [form]);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(formOf(basis, deviceZone(), desktopId));
  const theirs = JSON.stringify(formOf(responder, deviceZone(), desktopId));
  const newer = responder !== undefined && responder.version > (basis?.version ?? 0);
  // A verification raises the version and changes nothing that is edited here.
  if (newer && theirs === text) setBasis(responder);
  const mine = userId === me.id;
  const disabled = cannot !== null;
  const set = (change: Partial<ProfileForm>): void => setForm({ ...form, ...change });
  const warnings = reachWarnings(responder);
  const findings = responder?.findings ?? [];

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const saved = await save({ kind: 'responder', draft }, { id: userId, version: basis?.version ?? null });
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    if (saved.outcome === 'conflict') return;
    const unproven = draft.contactMethods.some((method) => unprovenStates.has(verificationOf(method, responder)));
    show({
      text: unproven
        ? 'The profile is saved. New addresses need their code before they are used.'
        : 'The profile is saved.',
    });
  };

  useCommands([{ id: 'save', label: 'save', hint: true, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className={inSettings ? 'profile in-settings' : 'profile'}>
      <EditorHead
        title={inSettings ? 'Contact profile' : mine ? 'How I am paged' : nameOf(userId)}
        back={{ to: paths.people(), label: 'All people' }}
        document={responder ?? null}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(formOf(responder, deviceZone(), desktopId));
          setBasis(responder);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          <a className="button" href={paths.ledger({ user: userId })}>
            {mine ? 'My pages' : 'Their pages'}
          </a>
        }
      />
      {newer && theirs !== text && changed ? <ChangedElsewhere by={nameOf(responder.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <FindingList
        label="What is missing"
        findings={[
          ...findings,
          ...(findings.length > 0
            ? []
            : warnings.map((warning) => ({
                level: 'warning' as const,
                code: 'reach',
                text: warning,
                from: null,
                to: null,
              }))),
        ]}
      />
      <MethodList
        methods={form.methods}
        saved={responder}
        mine={mine}
        disabled={disabled}
        errors={tried || changed ? errors : {}}
        onChange={(methods) => {
          const kept = new Set(methods.map(({ id }) => id));
          const rules = { ...form.rules };
          for (const name of ruleSets) rules[name] = rules[name].filter(({ methodId }) => kept.has(methodId));
          set({ methods, rules });
        }}
      />
      <h2>What a page does</h2>
      {ruleSets.map((name) => (
        <RuleSet
          key={name}
          name={name}
          rules={form.rules[name]}
          methods={form.methods}
          errors={errors}
          disabled={disabled}
          onChange={(rules) => set({ rules: { ...form.rules, [name]: rules } })}
        />
      ))}
      <h2>When</h2>
      <div className="form-grid">
        <ZoneField
          label="Time zone"
          value={form.timeZone}
          onChange={(timeZone) => set({ timeZone })}
          error={errors['timeZone'] ?? null}
          disabled={disabled}
        />
      </div>
      <div className="profile-when">
        <Checkbox
          isSelected={form.quietHours !== null}
          isDisabled={disabled}
          onChange={(on) => set({ quietHours: on ? { from: '22:00', to: '07:00' } : null })}
        >
          Quiet hours: mute what is not a page. Pages pass.
        </Checkbox>
        {form.quietHours === null ? null : (
          <div className="profile-two">
            <PlainField
              label="From"
              type="time"
              value={form.quietHours.from}
              disabled={disabled}
              onChange={(from) => set({ quietHours: { from, to: form.quietHours?.to ?? '07:00' } })}
            />
            <PlainField
              label="To"
              type="time"
              value={form.quietHours.to}
              disabled={disabled}
              onChange={(to) => set({ quietHours: { from: form.quietHours?.from ?? '22:00', to } })}
            />
          </div>
        )}
        <Checkbox
          isSelected={form.doNotDisturb !== null}
          isDisabled={disabled}
          onChange={(on) =>
            set({
              doNotDisturb: on
                ? { until: localField(safe(form.timeZone), now + 2 * 3_600_000), importantPass: true }
                : null,
            })
          }
        >
          Do not disturb: pages of default priority wait, and the next person is paged.
        </Checkbox>
        {form.doNotDisturb === null ? null : (
          <div className="profile-two">
            <PlainField
              label={`Until (${placeOf(form.timeZone)})`}
              type="datetime-local"
              value={form.doNotDisturb.until}
              error={errors['until'] ?? null}
              disabled={disabled}
              onChange={(until) =>
                set({ doNotDisturb: { until, importantPass: form.doNotDisturb?.importantPass ?? true } })
              }
            />
            <Checkbox
              isSelected={form.doNotDisturb.importantPass}
              isDisabled={disabled}
              onChange={(importantPass) =>
                set({ doNotDisturb: { until: form.doNotDisturb?.until ?? '', importantPass } })
              }
            >
              Important pages pass all the same
            </Checkbox>
          </div>
        )}
      </div>
      {mine ? <TestPage userId={userId} changed={changed} /> : null}
    </div>
  );
}

function safe(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
