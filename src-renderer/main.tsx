import { createRoot } from 'react-dom/client';
import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';
import { App } from './app.tsx';
import { createHost } from './api/host.ts';
import { keepPage } from './service-worker/register.ts';
import { startTheme } from './ui/theme.ts';

startTheme();
keepPage(window);
const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(<App host={createHost(window)} />);
