import type { HostWindow, WindowEvents, WindowOptions } from './host.ts';
import { type WaitingEvent, waitingEvents } from './ipc-table.ts';

export interface BridgeEvent {
  name: string;
  carried: unknown;
}

export interface FakeWindow extends HostWindow {
  readonly options: WindowOptions;
  readonly events: WindowEvents;
  readonly sent: BridgeEvent[];
  state: 'open' | 'hidden' | 'minimized' | 'closed';
  focused: boolean;
  flashes: number;
  url: string;
  reloads: number;
  restarts: number;
}

export function createFakeWindow(
  id: number,
  options: WindowOptions,
  events: WindowEvents,
  nudged: (window: FakeWindow, name: WaitingEvent) => void,
): FakeWindow {
  const window: FakeWindow = {
    id,
    options,
    events,
    sent: [],
    state: 'open',
    focused: true,
    flashes: 0,
    url: '',
    reloads: 0,
    restarts: 0,
    send(channel, carried) {
      const name = channel.replace('tocsin:', '');
      if ((waitingEvents as readonly string[]).includes(name)) nudged(window, name as WaitingEvent);
      else window.sent.push({ name, carried });
    },
    load(url) {
      window.url = url;
      events.navigated();
    },
    reload() {
      window.reloads += 1;
      events.navigated();
    },
    restart() {
      window.restarts += 1;
      events.navigated();
    },
    close() {
      if (!events.closing()) return;
      window.state = 'closed';
      events.closed();
    },
    show() {
      window.state = 'open';
      window.focused = true;
    },
    hide() {
      window.state = 'hidden';
      window.focused = false;
    },
    minimize() {
      window.state = 'minimized';
      window.focused = false;
    },
    isFocused: () => window.state === 'open' && window.focused,
    flash() {
      window.flashes += 1;
    },
    place: () => ({ x: 10, y: 20, width: 800, height: 600, maximized: true }),
  };
  return window;
}
