// The shipped configuration around what the old Electron can run: its own build, and the driver as the first file.
import base from '../../electron-builder.config.mjs';

export default {
  ...base,
  directories: { ...base.directories, app: '.cache/smoke', output: '.cache/package' },
  files: [...base.files, 'out/*.cjs'],
  extraResources: [],
  extraMetadata: { ...base.extraMetadata, main: 'out/driver.cjs' },
};
