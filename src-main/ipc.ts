// Takes messages from our own pages only, and only in the shapes of the table.
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { type Handlers, type RequestName, requests } from './ipc-table.ts';
import { isOwnPage } from './own-page.ts';

export function registerIpc(handlers: Handlers, isOwnWindow: (webContentsId: number) => boolean): void {
  for (const name of Object.keys(requests) as RequestName[]) {
    ipcMain.handle(`tocsin:${name}`, async (event, ...args: unknown[]) => {
      if (!isOwnWindow(event.sender.id) || !isOwnPage(senderUrl(event))) {
        throw new Error(`${name} was refused: it did not come from a page of this app.`);
      }
      const parsed = requests[name].safeParse(args);
      if (!parsed.success) throw new Error(`${name} was refused: what it carried has the wrong shape.`);
      return (handlers[name] as (...parts: unknown[]) => unknown)(...parsed.data);
    });
  }
}

/** The frame that sent it. Where Electron does not name frames, only main frames have a bridge at all. */
function senderUrl(event: IpcMainInvokeEvent): string {
  const frame = (event as Partial<IpcMainInvokeEvent>).senderFrame;
  if (frame === null) return '';
  if (frame === undefined) return event.sender.getURL();
  return frame.parent === null ? frame.url : '';
}
