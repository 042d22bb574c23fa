// The licences of all that is bundled into the desktop app, as one text beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function writeLicences(root, file) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const texts = Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== '' && dev !== true && optional !== true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { version, license }]) => {
      const name = path.replace(/^.*node_modules\//, '');
      return `${name} ${version} (${license ?? 'see its text'})\n\n${licenceText(join(root, path))}`;
    });
  writeFileSync(file, texts.join(`\n\n${'-'.repeat(80)}\n\n`));
  return texts.length;
}

function licenceText(folder) {
  let names = [];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
      .map(({ name }) => name);
  } catch {
    // Not installed for this platform.
  }
  return names.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
