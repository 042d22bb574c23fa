import { describe, expect, it } from 'vitest';
import type { Channel, ChannelField, ChannelTypeInfo } from '#server/contract/channel.ts';
import { callbacksOf, channelFormOf, checkChannel, secretState } from './channel-draft.ts';
import { checkedWords } from './channel-words.ts';

const field = (name: string, type: ChannelField['type'], required = true): ChannelField => ({
  name,
  label: name,
  type,
  required,
  help: '',
  options: type === 'select' ? ['us', 'eu'] : [],
  placeholder: '',
  on: false,
});
const type: ChannelTypeInfo = {
  kind: 'email',
  name: 'E-mail',
  description: '',
  fields: [
    field('host', 'text'),
    field('port', 'number', false),
    field('tls', 'boolean', false),
    field('password', 'secret'),
  ],
  contacts: [],
  can: { target: true, update: false, acknowledge: 'none', receipt: false },
  checkedBy: { what: 'nothing', note: 'not tried' },
};

describe('a channel being edited', () => {
  const form = { ...channelFormOf(null, type), name: 'Mail', settings: { host: 'smtp', port: '587', tls: true } };

  it('needs a secret that the server does not have, and keeps one that it has without sending it', () => {
    expect(checkChannel(form, type, []).errors).toEqual({ password: 'password is needed.' });
    const { draft } = checkChannel(form, type, ['password']);
    expect(draft).toMatchObject({ settings: { host: 'smtp', port: 587, tls: true }, secrets: {} });
  });

  it('sends what was typed, and null for what was taken away', () => {
    const optional = { ...type, fields: [...type.fields.slice(0, 3), field('password', 'secret', false)] };
    expect(checkChannel({ ...form, secrets: { password: ' x ' } }, type, ['password']).draft?.secrets).toEqual({
      password: 'x',
    });
    expect(checkChannel({ ...form, cleared: ['password'] }, optional, ['password']).draft?.secrets).toEqual({
      password: null,
    });
    expect(secretState(field('password', 'secret'), { ...form, cleared: ['password'] }, ['password'])).toBe('cleared');
  });

  it('begins with what its kind takes a checkbox for, and keeps what was chosen', () => {
    const usuallyOn = { ...type, fields: [{ ...field('plusAddress', 'boolean', false), on: true }] };
    expect(channelFormOf(null, usuallyOn).settings).toEqual({ plusAddress: true });
    const off = { settings: { plusAddress: false } } as unknown as Channel;
    expect(channelFormOf(off, usuallyOn).settings).toEqual({ plusAddress: false });
  });

  it('says at each field what does not hold up, and leaves out what is empty', () => {
    const wrong = { ...form, settings: { host: ' ', port: 'x', tls: false }, secrets: { password: 's' } };
    expect(Object.keys(checkChannel(wrong, type, []).errors)).toEqual(['host', 'port']);
    const empty = { ...form, settings: { host: 'smtp', port: '', tls: false }, secrets: { password: 's' } };
    expect(checkChannel(empty, type, []).draft?.settings).toEqual({ host: 'smtp', tls: false });
  });
});

describe('what a channel says of itself', () => {
  it('calls unverified what nothing has checked', () => {
    expect(checkedWords(type)).toEqual({ verified: false, text: 'unverified' });
    expect(checkedWords({ ...type, checkedBy: { what: 'real-server', note: '' } }).verified).toBe(true);
  });

  it('names the addresses that a provider has to call', () => {
    expect(callbacksOf('slack', 'https://c', 'id')).toEqual([
      { what: 'Interactivity, Request URL', url: 'https://c/callbacks/slack/id' },
    ]);
    expect(callbacksOf('webhook', 'https://c', 'id')).toEqual([]);
  });
});
