// Runs in the sandbox beside the page and hands it one frozen object. It knows channel names, nothing else.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from './bridge.ts';
import type { Handlers, RequestName } from './ipc-table.ts';

function ask<Name extends RequestName>(
  name: Name,
  ...args: Parameters<Handlers[Name]>
): Promise<Awaited<ReturnType<Handlers[Name]>>> {
  return ipcRenderer.invoke(`tocsin:${name}`, ...args);
}

const bridge = {
  host: () => ask('host'),
  notify: (notification) => ask('notify', notification),
  dismiss: (id) => ask('dismiss', id),
  session: {
    get: () => ask('sessionGet'),
    set: (token) => ask('sessionSet', token),
    clear: () => ask('sessionClear'),
  },
  setBadge: (count) => ask('setBadge', count),
  openExternal: (url) => ask('openExternal', url),
  onOpenPath: (listener) => {
    // The event object would hand the page a sender; only the path goes on.
    const handler = (_event: unknown, path: string): void => listener(path);
    ipcRenderer.on('tocsin:open-path', handler);
    void ask('pageListens');
    return () => {
      ipcRenderer.off('tocsin:open-path', handler);
    };
  },
} satisfies Bridge;

contextBridge.exposeInMainWorld('tocsin', bridge);
