// Which addresses nobody on the internet answers at: everything that the IANA special-purpose registries set apart
// (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry), and cloud metadata.
import { BlockList, isIP, isIPv6 } from 'node:net';

export interface SpecialAddress {
  /** In words, for "it is …". */
  what: string;
  /** A name that an administrator allowed may lead here; to the others only a range written out does. */
  byName: boolean;
}

/** What is special about an IP address, or null when it is an ordinary public one. */
export function specialAddress(address: string): SpecialAddress | null {
  if (address.includes('%')) return { what: 'a link-local address with a zone', byName: false };
  const family = isIP(address);
  if (family === 0) return { what: 'not an IP address', byName: false };
  if (family === 4) return ofVersion4(address);
  const embedded = embeddedVersion4(address);
  if (embedded !== null) return ofVersion4(embedded);
  for (const rule of version6) if (rule.list.check(address, 'ipv6')) return rule;
  return globalUnicast.check(address, 'ipv6') ? null : { what: 'a reserved address', byName: false };
}

function ofVersion4(address: string): SpecialAddress | null {
  for (const rule of version4) if (rule.list.check(address, 'ipv4')) return rule;
  return null;
}

interface Rule extends SpecialAddress {
  list: BlockList;
}

const version4: Rule[] = [
  rule(4, 'a loopback address', true, '127.0.0.0/8'),
  rule(4, 'a private address', true, '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
  rule(4, 'a cloud metadata address', false, '169.254.169.254/32', '168.63.129.16/32', '100.100.100.200/32'),
  rule(4, 'a link-local address', false, '169.254.0.0/16'),
  rule(4, 'an address of a carrier-grade NAT', true, '100.64.0.0/10'),
  rule(4, 'an address of “this network”', false, '0.0.0.0/8'),
  rule(4, 'a multicast address', false, '224.0.0.0/4'),
  rule(4, 'a reserved address', false, '240.0.0.0/4', '192.0.0.0/24', '192.88.99.0/24'),
  rule(4, 'an address for tests and examples', false, '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'),
  rule(4, 'an address for benchmarks', false, '198.18.0.0/15'),
];

const version6: Rule[] = [
  rule(6, 'a loopback address', true, '::1/128'),
  rule(6, 'a cloud metadata address', false, 'fd00:ec2::254/128', 'fd20:ce::254/128'),
  rule(6, 'a private address', true, 'fc00::/7'),
  rule(6, 'a link-local address', false, 'fe80::/10'),
  rule(6, 'a multicast address', false, 'ff00::/8'),
  rule(6, 'a tunnel address', false, '2002::/16', '2001::/32'),
  rule(6, 'a reserved address', false, '2001::/23', '3fff::/20', '2001:db8::/32'),
];

const globalUnicast = blockList(6, ['2000::/3']);

// v4-mapped, v4-compatible, translated (RFC 2765) and NAT64 (RFC 6052): the last 32 bits are where it leads.
const embedding = blockList(6, ['::ffff:0:0/96', '::/96', '::ffff:0:0:0/96', '64:ff9b::/96']);

function embeddedVersion4(address: string): string | null {
  if (!embedding.check(address, 'ipv6')) return null;
  const last = groupsOf(address).slice(-2);
  const [high = 0, low = 0] = last;
  // :: and ::1 are addresses of their own.
  if (
    high === 0 &&
    low <= 1 &&
    groupsOf(address)
      .slice(0, 6)
      .every((group) => group === 0)
  )
    return null;
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** The eight 16-bit groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) => {
    const pair = (x: string, y: string) => ((Number(x) << 8) | Number(y)).toString(16);
    return `${pair(a as string, b as string)}:${pair(c as string, d as string)}`;
  });
  const [before = '', after] = hex.split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const start = read(before);
  if (after === undefined) return start;
  const end = read(after);
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end];
}

function rule(family: 4 | 6, what: string, byName: boolean, ...ranges: string[]): Rule {
  return { what, byName, list: blockList(family, ranges) };
}

function blockList(family: 4 | 6, ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** What administrators allow: an exact host, a host with a port, an address, or a range in CIDR form. */
export interface AllowedPlaces {
  /** The name itself was allowed. */
  name(host: string, port: number): boolean;
  /** The address, or a range around it, was written out. */
  address(address: string): boolean;
}

export function allowedPlaces(entries: readonly string[]): AllowedPlaces {
  const names = new Set<string>();
  const list = new BlockList();
  for (const entry of entries) {
    const text = entry.trim().toLowerCase();
    const range = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(text);
    const bare = text.replace(/^\[(.*)\]$/, '$1');
    if (range?.[1] !== undefined && isIP(range[1]) !== 0 && Number(range[2]) <= (isIPv6(range[1]) ? 128 : 32))
      list.addSubnet(range[1], Number(range[2]), typeOf(range[1]));
    else if (isIP(bare) !== 0) list.addAddress(bare, typeOf(bare));
    else names.add(text);
  }
  return {
    name: (host, port) => names.has(host) || names.has(`${isIPv6(host) ? `[${host}]` : host}:${port}`),
    address: (address) => list.check(address, typeOf(address)),
  };
}

/** Whether it can allow anything: what is neither of the four would be kept and never fit. */
export function isPlace(entry: string): boolean {
  const text = entry.trim().toLowerCase();
  const [network = '', bits, ...more] = text.split('/');
  if (bits !== undefined)
    return (
      isIP(network) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(network) ? 128 : 32) && more.length === 0
    );
  if (isIP(text) !== 0) return true;
  const [, version6, name = '', port] = /^(?:\[(.*)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (port !== undefined && Number(port) > 65_535) return false;
  return version6 === undefined ? /^\w(?:[\w.-]*[\w.])?$/.test(name) : isIPv6(version6);
}

function typeOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
