// What no page of ours may do, whatever runs in it: leave, open windows, attach views, ask for permissions.
import { app, type Session, shell, type WebContents } from 'electron';
import { isOwnPage, mayOpenOutside } from './own-page.ts';

export function guardApp(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

/** Nothing is granted: no camera, no location, no clipboard reading; notifications go through the bridge. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  if (typeof (session as Partial<Session>).setDevicePermissionHandler === 'function') {
    session.setDevicePermissionHandler(() => false);
  }
}

export async function openOutside(url: string): Promise<boolean> {
  if (!mayOpenOutside(url)) return false;
  await shell.openExternal(url);
  return true;
}

interface PreventableEvent {
  preventDefault(): void;
}

function guardContents(contents: WebContents): void {
  const refuse = (event: PreventableEvent, url: string): void => {
    if (!isOwnPage(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event, url) => refuse(event, url));
  contents.on('will-redirect', (event, url) => refuse(event, url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  if (typeof (contents as Partial<WebContents>).setWindowOpenHandler === 'function') {
    contents.setWindowOpenHandler(({ url }) => {
      void openOutside(url);
      return { action: 'deny' };
    });
    return;
  }
  // Before Electron 12 the question was an event.
  const older = contents as unknown as {
    on(name: string, listener: (event: PreventableEvent, url: string) => void): void;
  };
  older.on('new-window', (event, url) => {
    event.preventDefault();
    void openOutside(url);
  });
}
