import { createElectronHost } from './electron-host.ts';
import { runShell } from './shell.ts';

const host = createElectronHost(__dirname);
if (host.takeSingleInstance()) void runShell(host);
else host.quit();
