import { describe, expect, it } from 'vitest';
import { isPlace, specialAddress } from '#server/outgoing/address-rules.ts';

describe('what is special about an address', () => {
  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:800::200e',
    // IPv4 hosts as a network that has only IPv6 sees them (NAT64), and as some resolvers write them.
    '64:ff9b::101:101',
    '64:ff9b::1.1.1.1',
    '::ffff:1.1.1.1',
  ])('nothing: %s', (address) => {
    expect(specialAddress(address)).toBeNull();
  });

  it.each([
    ['127.255.255.255', 'loopback'],
    ['10.255.255.255', 'private'],
    ['172.16.0.0', 'private'],
    ['192.168.255.255', 'private'],
    ['100.64.0.0', 'carrier-grade'],
    ['100.127.255.255', 'carrier-grade'],
    ['169.254.169.254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['169.254.0.1', 'link-local'],
    ['0.1.2.3', 'this network'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'reserved'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a00:1', 'private'],
    ['::FFFF:0:10.0.0.1', 'private'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b:1::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fdff:ffff::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fe80::1%eth0', 'zone'],
    ['2606:4700::1%1', 'zone'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['2002:a00:1::', 'tunnel'],
    ['2001:0:1::', 'tunnel'],
    ['2001:db8::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['a.example', 'not an IP'],
    ['', 'not an IP'],
  ])('%s: %s', (address, what) => {
    expect(specialAddress(address)?.what).toContain(what);
  });
});

it('knows what can allow a place from what never fits one', () => {
  const places = [
    'mail.internal',
    'smtp_relay:25',
    '10.1.2.3',
    '10.1.2.3:8080',
    '10.0.0.0/8',
    'fd00::/8',
    '::1',
    '[::1]',
    '[fd00::1]:443',
  ];
  expect(places.filter((place) => !isPlace(place))).toEqual([]);
  const never = [
    'mail.internal 10.0.0.0/8',
    '10.0.0.0/33',
    '10.0/8',
    'https://mail.internal',
    '*.internal',
    'mail:99999',
    '[mail]:1',
  ];
  expect(never.filter(isPlace)).toEqual([]);
});
