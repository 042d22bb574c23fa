import { app, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { guardContents } from './electron-window.ts';
import type { Sender } from './host.ts';

export function guardPages(linkFollowed: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, linkFollowed));
}

export function answerPages(name: string, handler: (sender: Sender, args: unknown[]) => Promise<unknown>): void {
  ipcMain.handle(`tocsin:${name}`, (event, ...args: unknown[]) =>
    handler({ id: event.sender.id, url: senderUrl(event) }, args),
  );
}

/** The frame that sent it. Where Electron does not name frames, only main frames have a bridge at all. */
function senderUrl(event: IpcMainInvokeEvent): string {
  const frame = (event as Partial<IpcMainInvokeEvent>).senderFrame;
  if (frame === null) return '';
  if (frame === undefined) return event.sender.getURL();
  return frame.parent === null ? frame.url : '';
}
