// What the center on the other end understands. Asked anew after each reconnect: it may have been updated meanwhile.
import { type CenterInfo, firstRelease } from '#server/contract/client.ts';
import type { ActionKind } from '#server/contract/intent.ts';

export interface Center {
  info(): CenterInfo | null;
  /** Null while it has not said; what the first release knew, every center knows. */
  understands(kind: ActionKind): boolean | null;
  /** It refused an action as unknown, whatever it said of itself: so it counts until it is asked again. */
  denied(kind: ActionKind): void;
  /** The stream has a word of it: asks, unless that was done since it was lost. */
  reached(): void;
  lost(): void;
}

const askAgainMs = 5_000;

export function createCenter(deps: {
  /** Null when no answer came. */
  ask: () => Promise<CenterInfo | null>;
  after: (ms: number, callback: () => void) => () => void;
  changed: (info: CenterInfo) => void;
}): Center {
  const always: ReadonlySet<string> = new Set(firstRelease.actions);
  let info: CenterInfo | null = null;
  let actions: ReadonlySet<string> = new Set();
  let denied = new Set<ActionKind>();
  let asked = false;
  /** By a timer and not by the clock, which may be set back. */
  let resting = false;

  async function ask(): Promise<void> {
    const answer = await deps.ask().catch(() => null);
    if (answer === null) {
      asked = false;
      return;
    }
    info = answer;
    actions = new Set(answer.actions);
    denied = new Set();
    deps.changed(answer);
  }

  return {
    info: () => info,
    understands(kind) {
      if (denied.has(kind)) return false;
      return always.has(kind) || (info === null ? null : actions.has(kind));
    },
    denied: (kind) => void denied.add(kind),
    reached() {
      if (asked || resting) return;
      asked = true;
      resting = true;
      deps.after(askAgainMs, () => {
        resting = false;
      });
      void ask();
    },
    lost() {
      asked = false;
    },
  };
}
