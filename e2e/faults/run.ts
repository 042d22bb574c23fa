// npm run faults -- NAME [rounds]
import { killCampaign } from './kill.ts';

const [name = 'kill', rounds = '50'] = process.argv.slice(2);
if (name !== 'kill' || !/^\d+$/.test(rounds)) {
  console.error('usage: npm run faults -- kill [rounds]');
  process.exit(1);
}
const outcome = await killCampaign(Number(rounds));
console.log(JSON.stringify(outcome));
const bad =
  outcome.lost +
  outcome.doubled +
  outcome.notesLost +
  outcome.notesDoubled +
  outcome.clientNotesLost +
  outcome.clientNotesDoubled;
process.exit(bad === 0 ? 0 : 1);
