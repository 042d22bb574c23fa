import type { ConfigKind } from '#server/contract/config.ts';
import { t } from '../../language/words.ts';

/** What one is called inside a sentence. */
export const documentWords: Readonly<Record<ConfigKind, string>> = {
  schedule: t`schedule`,
  override: t`override`,
  timeOff: t`time off`,
  swap: t`swap`,
  policy: t`policy`,
  route: t`route`,
  inhibition: t`inhibition`,
  stakeholderList: t`stakeholder list`,
  channel: t`channel`,
  monitor: t`heartbeat`,
  responder: t`profile`,
};
