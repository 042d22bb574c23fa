import { availableParallelism, loadavg } from 'node:os';

/**
 * How many times longer than by itself everything takes on this machine, which lately had so much more to do than it has
 * processors. Budgets of seconds are of a machine with nothing else to do; 1 is that one.
 */
export function busyness(): number {
  const [lastMinute = 0] = loadavg();
  return Math.max(1, lastMinute / availableParallelism());
}
