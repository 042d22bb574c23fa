import { beforeEach, describe, expect, it } from 'vitest';
import type { Question } from './host.ts';
import { createOutsideLinks } from './outside-links.ts';

let asked: Question[] = [];
let opened: string[] = [];
let copied: string[] = [];
let answer = (_question: Question): Promise<number> => Promise.resolve(0);
const links = () =>
  createOutsideLinks({
    ask(question) {
      asked.push(question);
      return answer(question);
    },
    async openOutside(url) {
      opened.push(url);
    },
    copyText: (text) => void copied.push(text),
  });

beforeEach(() => {
  [asked, opened, copied] = [[], [], []];
  answer = () => Promise.resolve(0);
});

describe('a link', () => {
  it.each(['https://runbooks.test/', 'tel:+4912345', 'mailto:a@b.test'])('%s is opened at once', async (url) => {
    expect(await links()(url)).toBe(true);
    expect([opened, asked]).toEqual([[url], []]);
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/share', 'no address'])(
    '%s is never opened, nor asked about',
    async (url) => {
      expect(await links()(url)).toBe(false);
      expect([opened, asked]).toEqual([[], []]);
    },
  );
});

describe('an unencrypted link', () => {
  const graph = 'http://prometheus.internal:9090/graph?g0.expr=up';

  it('says whose it is before it is opened, and each host is asked about once', async () => {
    const open = links();
    expect(await open(graph)).toBe(true);
    expect(await open('http://prometheus.internal:9090/alerts')).toBe(true);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ message: expect.stringContaining('prometheus.internal:9090'), cancel: 2 });
    expect(opened).toHaveLength(2);
    // Another port is another program, and a name before the @ is nobody's host.
    await open('http://prometheus.internal:80/');
    await open('http://prometheus.internal:9090@evil.test/');
    expect(asked.map(({ message }) => message).slice(1)).toEqual([
      'Open prometheus.internal in your browser, unencrypted?',
      'Open evil.test in your browser, unencrypted?',
    ]);
  });

  it('is shown and opened as it was read, with no lines of its own in the question', async () => {
    await links()('http://grafana.test/\n\nChecked by your administrator.');
    expect(asked[0]?.detail.split('\n')[0]).toBe('http://grafana.test/Checked%20by%20your%20administrator.');
    expect(opened).toEqual(['http://grafana.test/Checked%20by%20your%20administrator.']);
  });

  it('is copied or left alone when the person wants that, and asked about again', async () => {
    const open = links();
    answer = () => Promise.resolve(1);
    expect(await open(graph)).toBe(false);
    answer = ({ cancel }) => Promise.resolve(cancel);
    expect(await open(graph)).toBe(false);
    expect([opened, copied, asked.length]).toEqual([[], [graph], 2]);
  });

  it('is asked about one at a time', async () => {
    let decide = (_button: number): void => undefined;
    answer = () => new Promise((resolve) => (decide = resolve));
    const open = links();
    const first = open(graph);
    expect(await open('http://other.test/')).toBe(false);
    expect(asked).toHaveLength(1);
    decide(0);
    expect(await first).toBe(true);
    void open('http://other.test/');
    expect(asked).toHaveLength(2);
  });
});
