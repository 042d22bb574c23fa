// Silences and grouping rules: kept, checked and run by the server.
import { rowKey } from '../rows/rows.ts';
import { type Faces, type KindsOf, quarrelsWithNobody } from './face.ts';
import { t } from '../../language/words.ts';

const silence = {
  base: (action: { silenceId: string }) => rowKey('silence', action.silenceId),
  lane: (action: { silenceId: string }) => `silence:${action.silenceId}`,
  guard: (action: { silenceId: string }) => `silence:${action.silenceId}`,
  refusal: t`silences need the server, which does the suppressing`,
};

const rulesNeedServer = t`rules need the server, which checks and runs them`;
const rule = {
  base: (action: { ruleId: string }) => rowKey('rule', action.ruleId),
  lane: () => 'rules',
  guard: (action: { ruleId: string }) => `rule:${action.ruleId}`,
  refusal: rulesNeedServer,
};

export const silenceActions: Faces<KindsOf<'silence'>> = { 'silence.save': silence, 'silence.end': silence };

export const ruleActions: Faces<KindsOf<'rule'>> = {
  'rule.save': rule,
  'rule.delete': rule,
  'rule.order': { base: () => null, lane: () => 'rules', guard: quarrelsWithNobody, refusal: rulesNeedServer },
};
