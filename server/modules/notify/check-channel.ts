import type { Finding } from '#server/contract/config-document.ts';
import type { ConfigCheck } from '#server/modules/config/state.ts';
import type { ChannelTypes } from '#server/modules/notify/registry.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';

/** Settings by the kind's schema, its required secrets, and addresses that may be called. */
export function createChannelCheck(deps: {
  types: ChannelTypes;
  outgoing: Pick<Outgoing, 'fault'>;
}): ConfigCheck<'channel'> {
  return async (draft, { config, id }) => {
    const type = deps.types.get(draft.kind);
    if (type === undefined) return [error('unknown-kind', `This server knows no channel of the kind ${draft.kind}.`)];
    const findings: Finding[] = [];
    const parsed = type.settings.safeParse(draft.settings);
    if (!parsed.success) {
      for (const issue of parsed.error.issues.slice(0, 10)) {
        const field = type.info.fields.find((one) => one.name === issue.path[0])?.label ?? issue.path.join('.');
        findings.push(error('settings', `${field === '' ? 'Settings' : field}: ${issue.message}.`));
      }
    }
    const kept = config.get('channel', id)?.state.secretNames ?? [];
    for (const field of type.info.fields) {
      if (field.type !== 'secret' || !field.required) continue;
      const given = draft.secrets[field.name];
      const set = given === undefined ? kept.includes(field.name) : given !== null && given !== '';
      if (!set) findings.push(error('secret-missing', `${field.label} is needed. ${field.help}`.trim()));
    }
    if (parsed.success) {
      for (const address of type.addresses(parsed.data)) {
        const fault = await deps.outgoing.fault(address);
        if (fault !== null) findings.push(error('address', fault));
      }
    }
    if (!draft.enabled) {
      findings.push({ ...error('switched-off', 'It is switched off: nothing goes through it.'), level: 'warning' });
    }
    return findings;
  };
}

function error(code: string, text: string): Finding {
  return { level: 'error', code, text, from: null, to: null };
}
