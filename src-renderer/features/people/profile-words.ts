// How a person is reached, in words and warnings. Pure.
import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { ContactMethod, ContactMethodDraft, NotificationRule, Responder } from '#server/contract/responder.ts';
import { capital, t, term } from '../../language/words.ts';
import type { IconName } from '../../ui/icon.tsx';

export const kindWords: Record<
  ContactKind,
  { name: string; verb: string; address: string; placeholder: string; icon: IconName }
> = {
  desktop: { name: t`Desktop`, verb: t`desktop`, address: '', placeholder: '', icon: 'wall' },
  email: {
    name: t`E-mail`,
    verb: t`mail`,
    address: t`E-mail address`,
    placeholder: 'priya@example.com',
    icon: 'inbox',
  },
  sms: {
    name: t`Text message`,
    verb: t`text`,
    address: t`Number, with country code`,
    placeholder: '+49 30 1234567',
    icon: 'note',
  },
  voice: {
    name: t`Phone call`,
    verb: t`call`,
    address: t`Number, with country code`,
    placeholder: '+49 30 1234567',
    icon: 'phone-call',
  },
  slack: { name: t`Slack`, verb: t`Slack`, address: t`Slack member id`, placeholder: 'U024BE7LH', icon: 'group' },
  webhook: { name: t`Webhook`, verb: t`webhook`, address: t`Address`, placeholder: 'https://…', icon: 'external' },
};

/** The kind of channel that carries a contact; desktop needs none. */
export const carrierOf: Record<ContactKind, ChannelKind | null> = {
  desktop: null,
  email: 'email',
  sms: 'twilio',
  voice: 'twilio',
  slack: 'slack',
  webhook: 'webhook',
};

export function methodName(method: Pick<ContactMethodDraft, 'kind' | 'address' | 'label'>): string {
  const { name } = kindWords[method.kind];
  if (method.label !== '') return `${name}, ${method.label}`;
  return method.address === '' ? name : t`${name} to ${method.address}`;
}

/** `Desktop now, text after 2 min, call after 5 min`. */
export function rulesWords(
  rules: readonly NotificationRule[],
  methods: readonly Pick<ContactMethodDraft, 'id' | 'kind'>[],
): string {
  const parts = rules
    .toSorted((a, b) => a.delayMinutes - b.delayMinutes)
    .flatMap(({ methodId, delayMinutes }) => {
      const method = methods.find(({ id }) => id === methodId);
      if (method === undefined) return [];
      const { verb } = kindWords[method.kind];
      return [delayMinutes === 0 ? t`${verb} now` : t`${verb} after ${delayMinutes} min`];
    });
  if (parts.length === 0) return t`Desktop now, because no rule says otherwise`;
  return capital(parts.join(', '));
}

export interface RulePlace {
  minute: number;
  kinds: ContactKind[];
}

/** What stands on the line of minutes, in order. */
export function rulePlaces(
  rules: readonly NotificationRule[],
  methods: readonly Pick<ContactMethodDraft, 'id' | 'kind'>[],
): RulePlace[] {
  const places = new Map<number, ContactKind[]>();
  for (const { methodId, delayMinutes } of rules) {
    const kind = methods.find(({ id }) => id === methodId)?.kind;
    if (kind !== undefined) places.set(delayMinutes, [...(places.get(delayMinutes) ?? []), kind]);
  }
  return [...places].map(([minute, kinds]) => ({ minute, kinds })).toSorted((a, b) => a.minute - b.minute);
}

export interface Reachable {
  contactMethods: readonly Pick<ContactMethod, 'id' | 'kind' | 'address' | 'label' | 'enabled' | 'verifiedAt'>[];
  rules: Responder['rules'];
}

/** What a person or a manager should know about a profile before the night does. */
export function reachWarnings(profile: Reachable | undefined): string[] {
  if (profile === undefined) return [t`Can be reached by the desktop only: there is no profile yet.`];
  const warnings: string[] = [];
  const usable = (methodId: string): boolean => {
    const method = profile.contactMethods.find(({ id }) => id === methodId);
    return method !== undefined && method.enabled && (method.kind === 'desktop' || method.verifiedAt !== null);
  };
  const ways = new Set(
    profile.contactMethods
      .filter(({ id }) => usable(id))
      .filter(({ id }) =>
        [...profile.rules.default, ...profile.rules.important].some(({ methodId }) => methodId === id),
      )
      .map(({ kind, address }) => `${kind === 'sms' || kind === 'voice' ? 'phone' : kind} ${address}`),
  );
  if (ways.size <= 1)
    warnings.push(ways.size === 0 ? t`Can be reached by the desktop only.` : t`Can be reached in one way only.`);
  for (const set of ['important', 'default'] as const)
    if (profile.rules[set].length === 0)
      warnings.push(t`The rules for ${term(set)} pages are empty: they go to the desktop.`);
  const used = new Set([...profile.rules.default, ...profile.rules.important].map(({ methodId }) => methodId));
  for (const method of profile.contactMethods) {
    if (!used.has(method.id) || usable(method.id)) continue;
    warnings.push(
      method.enabled
        ? t`${methodName(method)} is not verified, so its rules are passed over.`
        : t`${methodName(method)} is switched off, so its rules are passed over.`,
    );
  }
  return warnings;
}
