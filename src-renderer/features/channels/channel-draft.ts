// A channel while it is being edited: every field as typed, secrets only when somebody typed one. Pure.
import type { Channel, ChannelDraft, ChannelField, ChannelKind, ChannelTypeInfo } from '#server/contract/channel.ts';
import { t } from '../../language/words.ts';

export interface ChannelForm {
  name: string;
  kind: ChannelKind;
  enabled: boolean;
  /** By name of the field: text as typed, a checkbox as a boolean. */
  settings: Readonly<Record<string, string | boolean>>;
  /** Typed now. A secret that is set on the server and not here stays as it is. */
  secrets: Readonly<Record<string, string>>;
  /** Secrets to take away. */
  cleared: readonly string[];
}
export type ChannelErrors = Readonly<Record<string, string>>;

export function channelFormOf(channel: Channel | null, type: ChannelTypeInfo): ChannelForm {
  const plain = type.fields.filter((field) => field.type !== 'secret');
  return {
    name: channel?.name ?? '',
    kind: type.kind,
    enabled: channel?.enabled ?? true,
    settings: Object.fromEntries(plain.map((field) => [field.name, valueOf(field, channel?.settings[field.name])])),
    secrets: {},
    cleared: [],
  };
}

function valueOf(field: ChannelField, stored: string | number | boolean | undefined): string | boolean {
  if (field.type === 'boolean') return stored === undefined ? field.on : stored === true;
  if (stored === undefined) return field.type === 'select' && field.required ? (field.options[0] ?? '') : '';
  return String(stored);
}

/** `secretNames` are those that are set on the server. */
export function checkChannel(
  form: ChannelForm,
  type: ChannelTypeInfo,
  secretNames: readonly string[],
): { draft: ChannelDraft | null; errors: ChannelErrors } {
  const errors: Record<string, string> = {};
  if (form.name.trim() === '') errors['name'] = t`Give it a name; routes, steps and the ledger use it.`;
  const settings: ChannelDraft['settings'] = {};
  for (const field of type.fields) {
    if (field.type === 'secret') {
      const set = secretNames.includes(field.name) && !form.cleared.includes(field.name);
      if (field.required && !set && (form.secrets[field.name] ?? '').trim() === '')
        errors[field.name] = t`${field.label} is needed.`;
      continue;
    }
    const value = form.settings[field.name] ?? '';
    if (typeof value === 'boolean') settings[field.name] = value;
    else if (value.trim() === '') {
      if (field.required) errors[field.name] = t`${field.label} is needed.`;
    } else if (field.type === 'number') {
      if (/^\d{1,9}$/.test(value.trim())) settings[field.name] = Number(value);
      else errors[field.name] = t`A whole number.`;
    } else if (field.type === 'url' && !/^https?:\/\/\S+$/.test(value.trim()))
      errors[field.name] = t`An address that starts with https:// or http://.`;
    else settings[field.name] = value.trim();
  }
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const typed = Object.entries(form.secrets).filter(([, secret]) => secret.trim() !== '');
  const secrets = {
    ...Object.fromEntries(form.cleared.map((name): [string, null] => [name, null])),
    ...Object.fromEntries(typed.map(([name, secret]): [string, string] => [name, secret.trim()])),
  };
  return {
    draft: { name: form.name.trim(), kind: form.kind, enabled: form.enabled, settings, secrets },
    errors,
  };
}

/** Set here, set there, or not at all. */
export function secretState(
  field: ChannelField,
  form: ChannelForm,
  secretNames: readonly string[],
): 'typed' | 'set' | 'cleared' | 'missing' {
  if ((form.secrets[field.name] ?? '') !== '') return 'typed';
  if (!secretNames.includes(field.name)) return 'missing';
  return form.cleared.includes(field.name) ? 'cleared' : 'set';
}

/** Where the provider has to reach us; only kinds that answer have any. */
export function callbacksOf(kind: ChannelKind, origin: string, channelId: string): { what: string; url: string }[] {
  switch (kind) {
    case 'slack':
      return [{ what: t`Interactivity, Request URL`, url: `${origin}/callbacks/slack/${channelId}` }];
    case 'twilio':
      return [
        { what: t`A message comes in (POST)`, url: `${origin}/callbacks/twilio/${channelId}/sms` },
        { what: t`A call comes in (POST)`, url: `${origin}/callbacks/twilio/${channelId}/voice` },
      ];
    default:
      return [];
  }
}
