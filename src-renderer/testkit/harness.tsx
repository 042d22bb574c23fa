// The real screens over the sample state, in a language: `?language=en-XA`.
import '../language/language.css';
import { startLanguage } from '../language/start.ts';

void startLanguage(new URLSearchParams(window.location.search).get('language') ?? 'en').then(
  () => import('./sample-page.tsx'),
);
