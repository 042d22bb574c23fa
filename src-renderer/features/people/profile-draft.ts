// A profile while it is being edited, checked against the contract before it is sent.
import type { ContactKind } from '#server/contract/channel.ts';
import { type ContactMethodDraft, type Responder, ResponderDraft } from '#server/contract/responder.ts';
import { t } from '../../language/words.ts';
import { instantOf, localField } from '../../zone-time.ts';

export interface RuleForm {
  /** Only for the list on screen. */
  key: string;
  methodId: string;
  delay: string;
}

export interface ProfileForm {
  timeZone: string;
  methods: ContactMethodDraft[];
  rules: Record<'default' | 'important', RuleForm[]>;
  quietHours: { from: string; to: string } | null;
  /** `until` is a local time in the zone of the profile. */
  doNotDisturb: { until: string; importantPass: boolean } | null;
}

/** By `timeZone`, `until`, `method:<id>`, `rule:<key>`. */
export type ProfileErrors = Record<string, string>;

export const ruleSets = ['important', 'default'] as const;

export function formOf(responder: Responder | null, zone: string, desktopId: string): ProfileForm {
  if (responder === null) {
    const desktop: ContactMethodDraft = {
      id: desktopId,
      kind: 'desktop',
      address: '',
      label: '',
      channelId: null,
      enabled: true,
    };
    const now: RuleForm[] = [{ key: '0', methodId: desktopId, delay: '0' }];
    return {
      timeZone: zone,
      methods: [desktop],
      rules: { default: now, important: now },
      quietHours: null,
      doNotDisturb: null,
    };
  }
  const { timeZone, contactMethods, rules, quietHours, doNotDisturb } = responder;
  const asForm = (list: Responder['rules']['default']): RuleForm[] =>
    list.map(({ methodId, delayMinutes }, index) => ({ key: String(index), methodId, delay: String(delayMinutes) }));
  return {
    timeZone,
    methods: contactMethods.map(({ verifiedAt: _verified, ...method }) => method),
    rules: { default: asForm(rules.default), important: asForm(rules.important) },
    quietHours,
    doNotDisturb:
      doNotDisturb === null
        ? null
        : { until: localField(timeZone, Date.parse(doNotDisturb.until)), importantPass: doNotDisturb.importantPass },
  };
}

export function checkProfile(form: ProfileForm): { draft: ResponderDraft | null; errors: ProfileErrors } {
  const errors: ProfileErrors = {};
  for (const method of form.methods) {
    const problem = addressProblem(method.kind, method.address.trim());
    if (problem !== null) errors[`method:${method.id}`] = problem;
  }
  const rulesOf = (set: 'default' | 'important') =>
    form.rules[set].map(({ key, methodId, delay }) => {
      const minutes = /^\s*\d{1,3}\s*$/.test(delay) ? Number(delay) : Number.NaN;
      if (!(minutes >= 0 && minutes <= 240)) errors[`rule:${set}:${key}`] = t`0 to 240 minutes.`;
      return { methodId, delayMinutes: minutes };
    });
  const rules = { default: rulesOf('default'), important: rulesOf('important') };
  let zoneHolds = true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: form.timeZone });
  } catch {
    zoneHolds = false;
    errors['timeZone'] = t`Choose a zone like Europe/Berlin.`;
  }
  const until = form.doNotDisturb === null || !zoneHolds ? null : instantOf(form.timeZone, form.doNotDisturb.until);
  if (form.doNotDisturb !== null && zoneHolds && until === null) errors['until'] = t`Say until when.`;
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const parsed = ResponderDraft.safeParse({
    timeZone: form.timeZone,
    contactMethods: form.methods.map((method) => ({ ...method, address: cleanAddress(method) })),
    rules,
    quietHours: form.quietHours,
    doNotDisturb:
      form.doNotDisturb === null || until === null
        ? null
        : { until: new Date(until).toISOString(), importantPass: form.doNotDisturb.importantPass },
  });
  if (parsed.success) return { draft: parsed.data, errors };
  return { draft: null, errors: { timeZone: parsed.error.issues[0]?.message ?? t`It is not valid.` } };
}

function addressProblem(kind: ContactKind, address: string): string | null {
  switch (kind) {
    case 'desktop':
      return null;
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? null : t`An address like priya@example.com.`;
    case 'sms':
    case 'voice':
      return /^\+[1-9]\d{6,14}$/.test(address.replace(/[\s()-]/g, ''))
        ? null
        : t`A number with its country code, like +49 30 1234567.`;
    case 'slack':
      return /^[UW][A-Z0-9]{6,}$/.test(address)
        ? null
        : t`A member id like U024BE7LH; it stands in the Slack profile under “Copy member ID”.`;
    case 'webhook':
      return /^https?:\/\/\S+$/.test(address) ? null : t`An address that starts with https://.`;
  }
}

function cleanAddress({ kind, address }: ContactMethodDraft): string {
  return kind === 'sms' || kind === 'voice' ? address.replace(/[\s()-]/g, '') : address.trim();
}

/** Whether a method is proven, as it stands in the form: another address has to be proven anew. */
export function verificationOf(
  method: ContactMethodDraft,
  saved: Responder | undefined,
): 'not-needed' | 'unsaved' | 'unverified' | 'verified' {
  if (method.kind === 'desktop') return 'not-needed';
  const before = saved?.contactMethods.find(({ id }) => id === method.id);
  if (before === undefined || before.kind !== method.kind || before.address !== cleanAddress(method)) return 'unsaved';
  return before.verifiedAt === null ? 'unverified' : 'verified';
}
