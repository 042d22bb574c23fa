import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { ContactMethodDraft } from '#server/contract/responder.ts';
import type { CheckWorld, ConfigCheck } from '#server/modules/config/state.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';

/** What keeps a person from being reached: errors refuse the save, warnings stay visible. */
export function createResponderCheck(deps: {
  /** Kinds of channel that carry it. */
  carriers: Record<ContactKind, readonly ChannelKind[]>;
  /** The channel kinds' own word on an address. */
  addressFault(kind: ContactKind, address: string): string | null;
  outgoing: Pick<Outgoing, 'fault'>;
}): ConfigCheck<'responder'> {
  const { carriers, addressFault, outgoing } = deps;

  async function addressFindings(method: ContactMethodDraft): Promise<Finding[]> {
    const { kind, address } = method;
    if (kind === 'desktop') return [];
    if (address === '') return [error('address', `${nameOf(method)} has no address. Enter one or take it away.`)];
    if ((kind === 'sms' || kind === 'voice') && !/^\+[1-9]\d{6,14}$/.test(address)) {
      return [
        error(
          'address',
          `${nameOf(method)}: write the number with its country code, like +4915112345678, digits only.`,
        ),
      ];
    }
    const fault = addressFault(kind, address) ?? (kind === 'webhook' ? await outgoing.fault(address) : null);
    return fault === null ? [] : [error('address', `${nameOf(method)}: ${fault}`)];
  }

  return async (draft, world) => {
    const findings: Finding[] = [];
    const methods = new Map(draft.contactMethods.map((method) => [method.id, method]));
    if (methods.size < draft.contactMethods.length) {
      findings.push(error('same-id', 'Two contact methods have the same id. Take one away and add it anew.'));
    }
    for (const method of draft.contactMethods) findings.push(...(await addressFindings(method)));
    for (const set of ['important', 'default'] as const) {
      if (draft.rules[set].some((rule) => !methods.has(rule.methodId))) {
        findings.push(error('unknown-method', `A rule for ${set} pages names a contact method that is not there.`));
      }
    }
    if (findings.length > 0) return findings;
    return [...waysFindings(draft, world, carriers), ...orderFindings(draft)];
  };
}

function waysFindings(
  draft: DraftOf<'responder'>,
  { config, id }: CheckWorld,
  carriers: Record<ContactKind, readonly ChannelKind[]>,
): Finding[] {
  const findings: Finding[] = [];
  const verified = config.get('responder', id)?.state.verified ?? {};
  const used = new Set([...draft.rules.important, ...draft.rules.default].map((rule) => rule.methodId));
  const channels = config.list('channel').items;
  const usable = new Set<string>();
  for (const method of draft.contactMethods) {
    if (!method.enabled || !used.has(method.id)) continue;
    if (method.kind === 'desktop') {
      usable.add('desktop');
      continue;
    }
    const able = channels.filter((item) => item.draft.enabled && carriers[method.kind].includes(item.draft.kind));
    const isVerified = verified[method.id]?.address === method.address;
    if (!isVerified) {
      findings.push(warning('unverified', `${nameOf(method)} is not verified, so no page uses it. Send its code.`));
    }
    if (able.length === 0) {
      findings.push(warning('dead-channel', `${nameOf(method)}: no channel that is switched on can carry it.`));
    } else if (method.channelId !== null && !able.some((item) => item.id === method.channelId)) {
      findings.push(
        warning(
          'dead-channel',
          `${nameOf(method)}: its channel is gone, off or of another kind; another one carries it.`,
        ),
      );
    }
    if (isVerified && able.length > 0) usable.add(`${method.kind} ${method.address}`);
  }
  if (usable.size < 2) {
    const text = 'There is no second way to reach this person: when the one fails, nothing else is tried.';
    findings.push(warning('no-second-way', text));
  }
  return findings;
}

function orderFindings({ rules }: DraftOf<'responder'>): Finding[] {
  const findings: Finding[] = [];
  const first = (list: { delayMinutes: number }[]) => Math.min(...list.map((rule) => rule.delayMinutes));
  for (const set of ['important', 'default'] as const) {
    if (rules[set].length === 0) {
      findings.push(warning('no-rules', `There are no rules for ${set} pages: they go to the desktop alone.`));
    }
  }
  if (rules.important.length > 0 && rules.default.length > 0 && first(rules.important) > first(rules.default)) {
    findings.push(warning('important-slower', 'Important pages begin later than the others.'));
  }
  return findings;
}

function nameOf({ kind, label, address }: ContactMethodDraft): string {
  const words = { sms: 'Text', voice: 'Call', email: 'E-mail', slack: 'Slack', webhook: 'Webhook', desktop: 'Desktop' };
  if (label !== '') return `${words[kind]} (${label})`;
  return address.startsWith('+') ? `${words[kind]} (${address.slice(0, 3)} … ${address.slice(-2)})` : words[kind];
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}

function warning(code: string, text: string): Finding {
  return { level: 'warning', code, text, from: null, to: null };
}
