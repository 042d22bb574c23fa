// Whoever started this process and holds its other end: npm start over Node's channel, the desktop app over Electron's.

export type ToStarter = { kind: 'ready'; url: string; loginLink?: string | undefined };

export interface Starter {
  tell(message: ToStarter): void;
  /** It asked this process to stop, or is gone. */
  onEnd(stop: () => void): void;
}

/** What Electron gives to a process that it forked. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

export function createStarter(of: Pick<NodeJS.Process, 'send' | 'on'> & { parentPort?: ParentPort }): Starter {
  const { parentPort } = of;
  return {
    tell(message) {
      if (parentPort === undefined) of.send?.(message);
      else parentPort.postMessage(message);
    },
    onEnd(stop) {
      of.on('disconnect', stop);
      parentPort?.on('message', ({ data }) => {
        if (typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'stop') stop();
      });
    },
  };
}
