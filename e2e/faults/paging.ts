// npm run faults -- paging [rounds] [scenario]: paging against real processes, judged by a provider outside of them.
import { acknowledgeRound } from './paging/acknowledge.ts';
import { clockRound } from './paging/clock.ts';
import { freezeRound } from './paging/freeze.ts';
import { killRounds } from './paging/kill.ts';
import { outageRound } from './paging/outage.ts';
import { providersRound } from './paging/providers.ts';
import { stallRound } from './paging/stall.ts';

/** What a scenario found; `violations` are in words, and none of them is all right. */
export interface Outcome {
  scenario: string;
  violations: string[];
}

const scenarios: Record<string, (rounds: number) => Promise<Outcome>> = {
  'kill-2': (rounds) => killRounds(rounds, 2),
  'kill-1': (rounds) => killRounds(Math.ceil(rounds / 2), 1),
  freeze: () => freezeRound(8_000, 3),
  zombie: () => freezeRound(60_000, 1),
  acknowledge: (rounds) => acknowledgeRound(10 * rounds),
  outage: () => outageRound(20_000),
  providers: () => providersRound(),
  'stall-deciding': () => stallRound('escalation_step'),
  'stall-sending': () => stallRound('notification'),
  clock: () => clockRound(),
};

/** All of them one after the other, or the one that is named. */
export async function pagingCampaign(rounds: number, only?: string): Promise<Outcome[]> {
  const chosen = Object.entries(scenarios).filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) throw new Error(`no such scenario; there are ${Object.keys(scenarios).join(', ')}`);
  const outcomes: Outcome[] = [];
  for (const [, run] of chosen) {
    const outcome = await run(rounds);
    outcomes.push(outcome);
    console.log(JSON.stringify(outcome));
  }
  return outcomes;
}
