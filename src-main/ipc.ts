// Takes messages from our own pages only, each window its own ones, and only in the shapes of the table.
import type { DesktopHost } from './host.ts';
import { type Handlers, maySend, type RequestName, requests, type WindowKey } from './ipc-table.ts';
import { isOwnPage } from './own-page.ts';

export function answerPages(
  host: Pick<DesktopHost, 'answerPages'>,
  keyOf: (pageId: number) => WindowKey | null,
  handlers: Handlers,
): void {
  for (const name of Object.keys(requests) as RequestName[]) {
    host.answerPages(name, async (sender, args) => {
      const window = keyOf(sender.id);
      if (window === null || !isOwnPage(sender.url)) {
        throw new Error(`${name} was refused: it did not come from a page of this app.`);
      }
      if (!maySend(window.role, name)) {
        throw new Error(`${name} was refused: a ${window.role} window only shows. Do it in the main window.`);
      }
      const parsed = requests[name].safeParse(args);
      if (!parsed.success) throw new Error(`${name} was refused: what it carried has the wrong shape.`);
      return (handlers[name] as (...parts: unknown[]) => unknown)(window, ...parsed.data);
    });
  }
}
