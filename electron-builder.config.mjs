// The desktop app: the client alone, which connects to a center. npm run electron:pack
const electronDist = process.env.TOCSIN_ELECTRON_DIST;

export default {
  appId: 'center.tocsin.app',
  productName: 'Tocsin',
  copyright: 'Apache-2.0',
  directories: { output: 'dist', buildResources: 'resources' },
  // Main process, preload and page are bundled whole; no package travels along.
  files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', '!node_modules/**'],
  asar: true,
  npmRebuild: false,
  protocols: [{ name: 'Tocsin', schemes: ['tocsin'] }],
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
  mac: { category: 'public.app-category.developer-tools', target: ['dmg'], hardenedRuntime: true },
  win: { target: ['nsis'] },
  linux: { category: 'Development', target: ['AppImage', 'deb'], maintainer: 'Tocsin', executableName: 'tocsin' },
};
