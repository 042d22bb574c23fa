// The first file of the package that is tested: loads the app and asks the real window and page what they do.
// Node 12 and Chromium 83: plain old JavaScript. Writes what it saw as JSON to the file named by SHELL_REPORT.
const { spawn } = require('child_process');
const { mkdirSync, writeFileSync } = require('fs');
const { dirname, join } = require('path');
const { app, BrowserWindow, dialog, Menu, powerMonitor, shell } = require('electron');
require('./older-runtime.cjs');

// Node 12 knows neither the node: prefix nor fs/promises.
const Module = require('module');
const load = Module._load;
const { promises } = require('fs');
Module._load = function (name, ...rest) {
  if (name === 'node:fs/promises') return { ...promises, rm: (path) => promises.unlink(path).catch(() => undefined) };
  return load.call(this, name.startsWith('node:') ? name.slice(5) : name, ...rest);
};

// The second instance, which the first one starts: all of it is the app's.
const second = process.env.SHELL_SECOND === '1';
const report = { console: [], openedOutside: [] };
const finish = () => {
  writeFileSync(process.env.SHELL_REPORT, JSON.stringify(report));
  app.exit(0);
};
const fail = (error) => {
  report.error = String((error && error.stack) || error);
  finish();
};
if (!second) {
  process.on('unhandledRejection', fail);
  process.on('uncaughtException', fail);
  setTimeout(() => fail(new Error('the driver ran out of time')), Number(process.env.SHELL_WITHIN_MS || 60000));
}

shell.openExternal = (url) => {
  report.openedOutside.push(url);
  return Promise.resolve();
};

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(question, ms) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`never came true: ${question}`);
    await sleep(100);
  }
}

async function drive() {
  const window = await until(() => BrowserWindow.getAllWindows()[0], 20000);
  const contents = window.webContents;
  contents.on('console-message', (_event, level, message) => report.console.push({ level, message }));
  const ask = (code) => contents.executeJavaScript(code, true);
  const settled = (code) =>
    ask(`Promise.resolve().then(() => ${code}).then((value) => ({ value }), (error) => ({ refused: String(error) }))`);

  await until(() => window.isVisible() && !contents.isLoading(), 20000);
  report.packaged = app.isPackaged;
  report.appPath = app.getAppPath();
  report.title = contents.getTitle();
  report.url = contents.getURL();
  report.bounds = window.getBounds();
  report.preferences = (({ sandbox, contextIsolation, nodeIntegration, webviewTag }) => ({
    sandbox,
    contextIsolation,
    nodeIntegration,
    webviewTag,
  }))(contents.getLastWebPreferences());
  report.page = await ask(`({
    require: typeof require, process: typeof process, module: typeof module, Buffer: typeof Buffer,
    ipc: typeof ipcRenderer, bridge: Object.keys(window.tocsin || {}).sort(),
    bridgeFrozen: Object.isFrozen(window.tocsin),
  })`);
  report.host = await settled('window.tocsin.host()');

  // What the page shows, once it has talked to the center.
  await until(() => ask(`document.body.innerText.trim().length > 0`), 20000).catch((error) => {
    report.pageError = String(error);
  });
  if (process.env.SHELL_WAIT_FOR) {
    await until(
      () => ask(`document.body.innerText.includes(${JSON.stringify(process.env.SHELL_WAIT_FOR)})`),
      25000,
    ).catch((error) => {
      report.pageError = String(error);
    });
  }
  report.text = await ask('document.body.innerText');

  // Scripts that are not ours, and markup that would run.
  report.inline = await ask(`new Promise((resolve) => {
    window.ran = [];
    const script = document.createElement('script');
    script.textContent = 'window.ran.push("inline script")';
    document.body.appendChild(script);
    const image = document.createElement('div');
    image.innerHTML = '<img src="x" onerror="window.ran.push(\\'onerror\\')"><a id="js" href="javascript:window.ran.push(\\'javascript link\\')">x</a>';
    document.body.appendChild(image);
    document.getElementById('js').click();
    setTimeout(() => resolve(window.ran), 500);
  })`);
  report.foreignFetch = await settled(`fetch('http://127.0.0.1:9/').then(() => 'fetched')`);
  report.evaluated = await settled(`(0, eval)('1 + 1')`);

  // Leaving and opening.
  await ask(`for (const url of ['https://example.test/a', 'file:///etc/passwd', 'javascript:1']) window.open(url); 0`);
  await ask(`location.href = 'https://example.test/'; 0`);
  await sleep(300);
  await ask(`location.href = 'file:///etc/passwd'; 0`);
  await sleep(300);
  report.urlAfter = contents.getURL();
  report.windows = BrowserWindow.getAllWindows().length;
  report.permissions = await ask(`Promise.all([
    Notification.requestPermission(),
    new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('granted'), (e) => resolve('denied ' + e.code))),
    navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', (e) => 'denied ' + e.name),
  ])`);
  report.granted = await ask(`Promise.all([
    navigator.clipboard.writeText('INC-1').then(() => 'granted', (e) => 'denied ' + e.name),
    document.documentElement.requestFullscreen().then(() => 'granted', (e) => 'denied ' + e.name),
  ])`);
  await ask(`document.fullscreenElement ? document.exitFullscreen().then(() => 0) : 0`);
  report.external = [
    await settled(`window.tocsin.openExternal('file:///etc/passwd')`),
    await settled(`window.tocsin.openExternal('javascript:alert(1)')`),
    await settled(`window.tocsin.openExternal('https://runbooks.example.test/')`),
  ];

  // A page of someone else with our preload: it has the bridge's words, and is refused.
  const foreign = new BrowserWindow({
    show: false,
    webPreferences: { preload: process.env.SHELL_PRELOAD, sandbox: true, contextIsolation: true },
  });
  await foreign.loadURL('data:text/html,<p>not ours</p>');
  report.foreign = await foreign.webContents.executeJavaScript(
    `window.tocsin ? window.tocsin.servers.list().then((value) => ({ value }), (error) => ({ refused: String(error) })) : { refused: 'no bridge' }`,
    true,
  );
  foreign.destroy();
  report.wrongShape = await settled(`window.tocsin.setBadge('many')`);

  // The sign-in stays in the main process, which also looks at other servers.
  report.servers = await ask(`window.tocsin.servers.list()`);
  report.looked = await settled(`window.tocsin.servers.look('${report.host.value.centerUrl}')`);
  report.lookedNowhere = await settled(`window.tocsin.servers.look('http://127.0.0.1:9')`);
  report.access = await settled(`window.tocsin.session.access('${report.host.value.centerUrl}', null)`);
  report.accessElsewhere = await settled(`window.tocsin.session.access('https://elsewhere.test', null)`);
  const notification = `{ id: 'i', title: 'SEV1', body: 'b', tier: 'page', path: '/incidents/1' }`;
  window.focus();
  report.notify = await settled(`window.tocsin.notify({ ...${notification}, visible: false })`);
  report.focused = window.isFocused();
  report.notifyVisible = await settled(`window.tocsin.notify({ ...${notification}, visible: true })`);

  // The native menu: what the page registered is in it, and a click there is the page's.
  const menu = Menu.getApplicationMenu();
  report.menu = menu.items.map(({ label }) => label);
  const alerts = menu.items
    .map(({ submenu }) => submenu)
    .filter(Boolean)
    .reduce((found, { items }) => found || items.find(({ label }) => label.startsWith('Incidents')), null);
  alerts.click();
  await until(() => contents.getURL().endsWith('#/incidents'), 5000);
  report.menuUrl = contents.getURL();

  // Woken up, the page hears of it at once.
  await ask(`window.woken = 0; window.tocsin.onWake(() => { window.woken += 1; }); 0`);
  powerMonitor.emit('resume');
  await until(() => ask('window.woken === 1'), 5000);
  report.woken = await ask('window.woken');

  // Closing is explained once and hides; the second instance shows the window again, where its link says.
  const questions = [];
  dialog.showMessageBox = (question) => {
    questions.push(question.message);
    return Promise.resolve({ response: question.cancelId });
  };
  window.close();
  await until(() => !window.isVisible(), 5000);
  report.closed = { questions: questions.slice(), destroyed: window.isDestroyed(), visible: window.isVisible() };
  const again = spawn(process.execPath, ['--no-sandbox', '--disable-gpu', 'tocsin://open/settings/desktop'], {
    env: Object.assign({}, process.env, { SHELL_SECOND: '1' }),
    stdio: 'ignore',
  });
  report.secondExit = await new Promise((resolve) => again.on('exit', (code) => resolve(code)));
  await until(() => window.isVisible() && contents.getURL().endsWith('#/settings/desktop'), 10000);
  report.secondUrl = contents.getURL();
  report.windowsAtEnd = BrowserWindow.getAllWindows().length;

  await until(() => ask(`document.body.innerText.includes('On a locked screen')`), 10000).catch(async () => {
    throw new Error(`the settings of the desktop app are not there: ${await ask('document.body.innerText')}`);
  });

  // What it looks like.
  if (process.env.SHELL_PICTURE) {
    mkdirSync(dirname(process.env.SHELL_PICTURE), { recursive: true });
    writeFileSync(process.env.SHELL_PICTURE, (await contents.capturePage()).toPNG());
  }
  finish();
}

if (!second) app.whenReady().then(drive).catch(fail);
require(join(__dirname, 'main/main.cjs'));
