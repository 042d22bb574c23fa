/** Brings a crashed page back at once, and asks when that helps no more: a pager that blinks pages nobody. */
export function createReloads(deps: { now(): number; reload(): void; giveUp(reason: string): void }) {
  const mostInAMinute = 3;
  let recent: number[] = [];
  return {
    crashed(reason: string): void {
      recent = [...recent.filter((at) => deps.now() - at < 60_000), deps.now()];
      if (recent.length <= mostInAMinute) {
        deps.reload();
        return;
      }
      recent = [];
      deps.giveUp(reason);
    },
  };
}
