// npm run faults -- NAME [rounds]
import { killCampaign } from './kill.ts';
import { clientKillCampaign } from './client-kill.ts';
import { clientWorldCampaign } from './client-world.ts';
import { pagingCampaign } from './paging.ts';

const [name = 'kill', rounds = '50', scenario] = process.argv.slice(2);
if (!['kill', 'client', 'client-world', 'paging'].includes(name) || !/^\d+$/.test(rounds)) {
  console.error(
    'usage: npm run faults -- kill [rounds]\n       npm run faults -- client [rounds]\n       npm run faults -- client-world [rounds] [scenario]\n       npm run faults -- paging [rounds] [scenario]',
  );
  process.exit(1);
}
const campaigns: Record<string, () => Promise<boolean>> = { kill, client, 'client-world': clientWorld, paging };
process.exit((await campaigns[name]?.()) === true ? 0 : 1);

async function kill(): Promise<boolean> {
  const outcome = await killCampaign(Number(rounds));
  console.log(JSON.stringify(outcome));
  const bad =
    outcome.lost +
    outcome.doubled +
    outcome.notesLost +
    outcome.notesDoubled +
    outcome.clientNotesLost +
    outcome.clientNotesDoubled;
  return bad === 0;
}

async function client(): Promise<boolean> {
  const outcome = await clientKillCampaign(Number(rounds));
  console.log(JSON.stringify(outcome));
  return outcome.lost + outcome.doubled === 0;
}

async function clientWorld(): Promise<boolean> {
  const outcomes = await clientWorldCampaign(Number(rounds), scenario);
  for (const outcome of outcomes) console.log(JSON.stringify(outcome));
  return outcomes.every(({ violations }) => violations.length === 0);
}

async function paging(): Promise<boolean> {
  const outcomes = await pagingCampaign(Number(rounds), scenario);
  for (const { scenario: of, violations } of outcomes) for (const words of violations) console.error(`${of}: ${words}`);
  return outcomes.every(({ violations }) => violations.length === 0);
}
