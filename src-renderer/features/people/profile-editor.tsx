import { useMemo, useState } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useEntity, useMe, useNameOf, useSession } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone, localField, placeOf } from '../../zone-time.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { useDocumentForm } from '../config/use-document-form.ts';
import { MethodList } from './method-list.tsx';
import './people.css';
import { checkProfile, formOf, ruleSets, verificationOf } from './profile-draft.ts';
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
  const [desktopId] = useState(uuid);
  const editor = useDocumentForm('responder', responder ?? null, (row) => formOf(row, deviceZone(), desktopId), {
    id: userId,
  });
  const { form, set, tried, changed } = editor;
  const { draft, errors } = useMemo(() => checkProfile(form), [form]);
  const mine = userId === me.id;
  const disabled = useMayWrite('responder', [userId]) !== null;
  const warnings = reachWarnings(responder);
  const findings = responder?.findings ?? [];

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'responder', draft });
    if (saved === null || draft === null) return;
    const unproven = draft.contactMethods.some((method) => unprovenStates.has(verificationOf(method, responder)));
    show({
      text: unproven
        ? t`The profile is saved. New addresses need their code before they are used.`
        : t`The profile is saved.`,
    });
  };

  return (
    <div className={inSettings ? 'profile in-settings' : 'profile'}>
      <DocumentHead
        editor={editor}
        title={inSettings ? t`Contact profile` : mine ? t`How I am paged` : nameOf(userId)}
        back={inSettings ? null : { to: paths.people(), label: t`All people` }}
        document={responder ?? null}
        cannot={cannot}
        onSave={() => void submit()}
        actions={
          <a className="button" href={paths.ledger({ user: userId })}>
            {mine ? t`My pages` : t`Their pages`}
          </a>
        }
      />
      <FindingList
        label={t`What is missing`}
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
      <h2>{t`What a page does`}</h2>
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
      <h2>{t`When`}</h2>
      <div className="form-grid">
        <ZoneField
          label={t`Time zone`}
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
          {t`Quiet hours: mute what is not a page. Pages pass.`}
        </Checkbox>
        {form.quietHours === null ? null : (
          <div className="profile-two">
            <PlainField
              label={t`From`}
              type="time"
              value={form.quietHours.from}
              disabled={disabled}
              onChange={(from) => set({ quietHours: { from, to: form.quietHours?.to ?? '07:00' } })}
            />
            <PlainField
              label={t`To`}
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
          {t`Do not disturb: pages of default priority wait, and the next person is paged.`}
        </Checkbox>
        {form.doNotDisturb === null ? null : (
          <div className="profile-two">
            <PlainField
              label={t`Until (${placeOf(form.timeZone)})`}
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
              {t`Important pages pass all the same`}
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
