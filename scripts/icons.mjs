// node scripts/icons.mjs: draws the icons of the desktop app anew, by a Chromium (TOCSIN_TEST_CHROMIUM).
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'resources', 'icons');

const bell = (fill, extra = '') =>
  `<path fill="${fill}" ${extra} d="M12 2.2a1.5 1.5 0 0 1 1.5 1.5v.6a6 6 0 0 1 4.5 5.8v3.6l1.9 3.1a.8.8 0 0 1-.7 1.2H4.8a.8.8 0 0 1-.7-1.2L6 13.7v-3.6a6 6 0 0 1 4.5-5.8v-.6A1.5 1.5 0 0 1 12 2.2z"/>
   <path fill="${fill}" ${extra} d="M9.6 19.4h4.8a2.4 2.4 0 0 1-4.8 0z"/>`;
const svg = (inside) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="100%" height="100%">${inside}</svg>`;

// A tray may be light or dark: white with a dark rim stands out on both. macOS takes the shape alone.
const rim = 'stroke="#0B0F14" stroke-width="1" paint-order="stroke"';
const drawings = {
  app: svg(
    `<rect width="24" height="24" rx="5.4" fill="#0B0F14"/><rect x=".25" y=".25" width="23.5" height="23.5" rx="5.2" fill="none" stroke="#2A3441" stroke-width=".5"/><g transform="translate(4.4 4.4) scale(.633)">${bell('#E6EDF3')}</g>`,
  ),
  calm: svg(bell('#FFFFFF', rim)),
  needs: svg(
    `${bell('#FFFFFF', rim)}<circle cx="18" cy="6" r="5.2" fill="#F73149" stroke="#0B0F14" stroke-width="1.2"/>`,
  ),
  unknown: svg(
    `<g opacity=".75">${bell('#FFFFFF', rim)}</g><path d="M3.5 20.5 20.5 3.5" stroke="#0B0F14" stroke-width="5"/><path d="M3.5 20.5 20.5 3.5" stroke="#FFFFFF" stroke-width="2.2" stroke-linecap="round"/>`,
  ),
  badgeNeeds: svg('<circle cx="12" cy="12" r="11" fill="#F73149" stroke="#0B0F14" stroke-width="1.5"/>'),
  badgeSignedOut: svg(
    '<circle cx="12" cy="12" r="11" fill="#0B0F14" stroke="#FFFFFF" stroke-width="1.5"/><path d="M12 5.2v8" stroke="#FFFFFF" stroke-width="3" stroke-linecap="round"/><circle cx="12" cy="17.8" r="1.9" fill="#FFFFFF"/>',
  ),
};

const files = [
  ['icon.png', 'app', 1_024],
  ...['calm', 'needs', 'unknown'].flatMap((look) => [
    [`tray-${look}.png`, look, 22],
    [`tray-${look}@2x.png`, look, 44],
  ]),
  ['badge-needs.png', 'badgeNeeds', 32],
  ['badge-signed-out.png', 'badgeSignedOut', 32],
];

const browser = await chromium.launch({
  executablePath: process.env.TOCSIN_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage();
  for (const [name, drawing, size] of files) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawings[drawing]}`,
    );
    writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
