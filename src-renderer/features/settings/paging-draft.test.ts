import { expect, it } from 'vitest';
import { untouchedPagingSettings } from '#server/contract/paging-settings.ts';
import { draftOf, formNames, readDraft } from './paging-draft.ts';
import { changeOf } from './use-settings-form.ts';

const base = { ...untouchedPagingSettings, deadMan: { url: 'https://watch.example/ping', intervalSeconds: 30 } };

it('a form saves only what was changed in it', () => {
  const draft = draftOf(base);
  expect(changeOf(formNames, base, readDraft(draft).data!)).toEqual({});
  const typed = { ...draft, hosts: ['mail.internal'] };
  expect(changeOf(formNames, base, readDraft(typed).data!)).toEqual({ allowedPrivateHosts: ['mail.internal'] });
  expect(changeOf(formNames, base, readDraft({ ...draft, url: ' ' }).data!)).toEqual({ deadMan: null });
});
