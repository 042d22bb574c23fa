import type { Finding } from '#server/contract/config-document.ts';
import type { ConfigCheck, PagingConfig } from '#server/modules/config/state.ts';

/** What is wrong with a list of stakeholders before, and after, it is saved. */
export function createListCheck(
  mailOf: (config: PagingConfig, userId: string) => readonly string[],
): ConfigCheck<'stakeholderList'> {
  return ({ channelId, userIds, addresses }, { config, users }) => {
    const channel = config.get('channel', channelId);
    if (channel?.draft.kind !== 'email') {
      return [finding('error', 'channel-kind', 'A list is carried by an e-mail channel. Choose one of those.')];
    }
    const findings: Finding[] = [];
    if (!channel.draft.enabled) {
      findings.push(
        finding('warning', 'channel-off', `Its channel ${channel.draft.name} is switched off: no update can go to it.`),
      );
    }
    for (const userId of userIds) {
      const user = users.get(userId);
      if (user === undefined || mailOf(config, userId).length > 0) continue;
      const text = `${user.name} has no e-mail address that was proven, and gets nothing from this list.`;
      findings.push(finding('warning', 'no-address', text));
    }
    if (userIds.length + addresses.length === 0) {
      findings.push(finding('warning', 'empty', 'Nobody is on it: no update can go to it.'));
    }
    return findings;
  };
}

function finding(level: Finding['level'], code: string, text: string): Finding {
  return { level, code, text, from: null, to: null };
}
