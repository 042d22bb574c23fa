import { createHash } from 'node:crypto';

/** Names and values as in the client's tokens.css; the page brings its own, since nothing is loaded. */
export const phonePageStyle = `
:root { color-scheme: dark;
  --canvas: #0B0F14; --surface: #151B23; --raised: #1C242E; --line: #1F2831; --line-2: #2C3743;
  --text: #E6EDF3; --muted: #9FB0C0; --ink-bg: #E6EDF3; --ink-fg: #0B0F14; --focus: #E6EDF3;
  --sev1: #F73149; --sev2: #FD960C; --sev3: #F7F48E; --info: #579CFB;
  --sev1-on: #0B0F14; --sev2-on: #0B0F14; --sev3-on: #0B0F14; --info-on: #0B0F14;
  --mono: "JetBrains Mono", ui-monospace, Menlo, monospace }
@media (prefers-color-scheme: light) { :root { color-scheme: light;
  --canvas: #FFFFFF; --surface: #F5F7F9; --raised: #FFFFFF; --line: #E6EAEF; --line-2: #CDD5DE;
  --text: #121A23; --muted: #4B5968; --ink-bg: #16202B; --ink-fg: #FFFFFF; --focus: #16202B;
  --sev1: #D91440; --sev2: #D2760F; --sev3: #574A05; --info: #0A49E0;
  --sev1-on: #FFFFFF; --sev2-on: #0B0F14; --sev3-on: #FFFFFF; --info-on: #FFFFFF } }
* { box-sizing: border-box }
html { background: var(--canvas); -webkit-text-size-adjust: 100% }
body { margin: 0 auto; max-width: 560px; padding: 16px max(16px, env(safe-area-inset-right)) 32px max(16px, env(safe-area-inset-left));
  color: var(--text); font: 400 16px/24px "Inter", "Segoe UI", system-ui, sans-serif; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums }
h1, h2, p, ul, ol { margin: 0; padding: 0 } ul, ol { list-style: none }
h1 { font-size: 22px; line-height: 28px; font-weight: 600; margin-top: 12px }
h2 { font-size: 14px; line-height: 20px; font-weight: 600; color: var(--muted); margin-bottom: 8px }
section { margin-top: 24px }
.top { display: flex; align-items: center; gap: 10px; min-height: 32px }
.top .number { font: 500 15px/20px var(--mono); color: var(--muted) }
.status { margin-left: auto; padding: 4px 12px; border: 1px solid var(--line-2); border-radius: 4px; font-size: 14px; line-height: 20px; font-weight: 600 }
.mark { flex: none; width: 28px; height: 28px } .mark.small { width: 18px; height: 18px; margin-top: 3px }
.since { margin-top: 6px; color: var(--muted) } .since strong { color: var(--text) }
.who { margin-top: 2px; color: var(--muted) }
.said { margin-top: 16px; padding: 12px 16px; border: 1px solid var(--line-2); border-left: 4px solid var(--text); border-radius: 4px; background: var(--surface) }
.said.not { border-style: dashed; border-color: var(--text) }
.do { display: grid; gap: 12px; margin-top: 20px } form { margin: 0 }
button, .button { display: flex; align-items: center; justify-content: center; width: 100%; min-height: 52px; padding: 10px 16px;
  border: 1px solid var(--line-2); border-radius: 4px; background: var(--raised); color: var(--text);
  font: inherit; font-weight: 600; text-align: center; text-wrap: balance; text-decoration: none; cursor: pointer; touch-action: manipulation }
button.first { background: var(--ink-bg); color: var(--ink-fg); border-color: var(--ink-bg); min-height: 60px; font-size: 18px }
button:active, .button:active { opacity: .75 }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
.panel { border: 1px solid var(--line-2); border-radius: 8px; background: var(--surface); overflow: hidden }
.panel > li { display: flex; gap: 10px; padding: 10px 12px } .panel > li + li { border-top: 1px solid var(--line) }
.panel p { min-width: 0 } .quiet { color: var(--muted); font-size: 14px; line-height: 20px }
.chips { display: flex; flex-wrap: wrap; gap: 8px }
.chips li { padding: 2px 10px; border: 1px solid var(--line-2); border-radius: 4px; background: var(--raised); font-size: 14px; line-height: 22px }
label { display: block; font-size: 14px; line-height: 20px; font-weight: 600; color: var(--muted); margin-bottom: 8px }
textarea { display: block; width: 100%; min-height: 76px; margin-bottom: 8px; padding: 10px 12px; border: 1px solid var(--line-2);
  border-radius: 4px; background: var(--raised); color: var(--text); font: inherit; resize: vertical }
footer { margin-top: 32px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--muted); font-size: 14px; line-height: 20px }
`;

/** Nothing is loaded and nothing runs; the one style is named by its hash, and forms go to this server only. */
export const phonePagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(phonePageStyle).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');
