import { expect, test } from 'vitest';
import { readCommonPasswords, refusePassword } from './password-rules.ts';

const common = readCommonPasswords(new URL('../../../resources/common-passwords.txt', import.meta.url));

test('the list holds 3,000 passwords, none of which could be told apart by case or length', () => {
  expect(common.size).toBe(3_000);
  for (const word of common) {
    expect(word).toBe(word.toLowerCase());
    expect(word.length).toBeGreaterThanOrEqual(8);
  }
});

test('eight characters are enough, also when they are few bytes or many', () => {
  expect(refusePassword('kR7#vb2', 'ada', common)).toMatch(/at least 8/);
  expect(refusePassword('kR7#vb2q', 'ada', common)).toBeNull();
  expect(refusePassword('🐙🦑🐡🐠🐟🐬🐳🐋', 'ada', common)).toBeNull();
});

test('long pass phrases are taken, 256 characters at most', () => {
  const phrase = 'correct horse battery staple and then some more words to pass 64 chars';
  expect(phrase.length).toBeGreaterThan(64);
  expect(refusePassword(phrase, 'ada', common)).toBeNull();
  expect(refusePassword('ab'.repeat(129), 'ada', common)).toMatch(/at most 256/);
});

test.each([
  'password',
  'PassWord',
  '12345678',
  'iloveyou',
  'trustno1',
  'Password2031!',
  '1q2w3e4r',
  'zzzzzzzz',
  '~~~~~~~~~~',
])('%s is refused', (password) => expect(refusePassword(password, 'ada', common)).not.toBeNull());

test('the login name is no password', () => {
  expect(refusePassword('Ada.Lovelace', 'ada.lovelace', common)).toMatch(/login name/);
});
