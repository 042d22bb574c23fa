import { describe, expect, it } from 'vitest';
import { pathInWords, readDocuments } from '#server/modules/config/as-code/documents.ts';
import { nearestName } from '#server/modules/config/as-code/nearest.ts';
import { catalogBytesMax, parseCatalog } from '#server/modules/services/parse.ts';

const yaml = { readDocuments, pathInWords, nearestName };
const parse = (text: string, format: 'auto' | 'catalog' | 'backstage' = 'auto') => parseCatalog(text, format, yaml);
const errorsOf = (text: string) => {
  const read = parse(text);
  return read.ok ? [] : read.errors.map(({ path, reason }) => `${path}: ${reason}`);
};

describe('catalog.yaml', () => {
  it('fills in what is left out, and reads numbers and booleans of labels as text', () => {
    const read = parse('services:\n  checkout:\n    match: [{shard: 7, canary: true}]\n  payments: {}\n');
    expect(read).toMatchObject({
      ok: true,
      catalog: {
        source: 'catalog',
        wishes: [
          {
            name: 'checkout',
            whole: true,
            path: 'services.checkout (line 2)',
            given: { kind: 'service', match: [{ shard: '7', canary: 'true' }] },
          },
          { name: 'payments' },
        ],
      },
    });
  });

  it('refuses what it does not know, with the line and what was probably meant', () => {
    expect(errorsOf('services:\n  a:\n    dependson: [b]\n')).toEqual([
      'services.a.dependson (line 3): dependson is no known name here. Did you mean dependsOn?',
    ]);
    expect(errorsOf('service: {}\n').join()).toContain('Did you mean services?');
    expect(errorsOf('services:\n  a: {tier: 9}\n')[0]).toMatch(/^services\.a\.tier \(line 2\): /);
    expect(errorsOf('services:\n  a: {links: [{url: "javascript:alert(1)"}]}\n')[0]).toContain(
      'must start with https://',
    );
    expect(errorsOf('services:\n  a: {match: [{}]}\n')[0]).toContain('at least one label');
    expect(errorsOf('services:\n  a: {}\n---\nservices:\n  A: {}\n')[0]).toContain('stands in the file twice');
    expect(errorsOf('# nothing\n')).toEqual(['file: The file is empty. Name at least one service.']);
  });

  it('refuses what hides what a file says, and what is too much', () => {
    expect(errorsOf('services:\n  a: &x {}\n  b: *x\n')[0]).toContain('Anchors (&name) are not taken');
    expect(errorsOf('services:\n  a: !!js/function "x"\n').length).toBeGreaterThan(0);
    expect(errorsOf(`services:\n  a: ${'['.repeat(60)}${']'.repeat(60)}\n`)[0]).toContain('nests deeper');
    expect(errorsOf('services: {__proto__: {}}\n')[0]).toContain('This name cannot be used');
    expect(errorsOf(`# ${'x'.repeat(catalogBytesMax)}`)).toEqual([
      'file: The file is larger than 8 MiB. Apply it in parts.',
    ]);
    expect(errorsOf('services: {a: {}, a: {}}\n')[0]).toContain('The same key stands here twice');
  });
});

describe('catalog-info.yaml of Backstage', () => {
  const file = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: artist-web
  title: Artist pages
  description: The place to be, for great artists
  labels: {example.com/custom: custom_label_value}
  annotations:
    backstage.io/source-location: url:https://git.example.com/artist-web
    tocsin/match: app=artist, env=prod
    tocsin/tier: "2"
  tags: [java]
  links:
    - {url: "https://admin.example.com", title: Admin Dashboard, icon: dashboard, type: admin-dashboard}
    - {url: "ftp://old.example.com", title: Old}
spec:
  type: website
  lifecycle: production
  owner: group:default/artist-relations
  system: public-websites
  dependsOn: ["resource:default/artists-db", "component:payments/card", "api:default/x"]
  consumesApis: [artist-api, weather]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: artist-backend}
spec: {type: service, owner: artist-relations, providesApis: [artist-api]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: artists-db}
spec: {type: database, owner: user:ada}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: artist-relations}
spec: {type: team, profile: {displayName: Artist Relations}, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: public-websites}
spec: {owner: artist-relations}
`;

  it('gives services, their owners, links and what they depend on, also through the APIs they consume', () => {
    const read = parse(file);
    expect(read.ok && read.catalog.wishes.map(({ name, given }) => [name, given])).toEqual([
      [
        'artist-web',
        {
          kind: 'service',
          team: 'Artist Relations',
          tier: 2,
          description: 'The place to be, for great artists',
          aliases: ['Artist pages'],
          match: [{ app: 'artist', env: 'prod' }],
          links: [
            { kind: 'dashboard', label: 'Admin Dashboard', url: 'https://admin.example.com' },
            { kind: 'source', label: 'Source', url: 'https://git.example.com/artist-web' },
          ],
          dependsOn: ['artists-db', 'payments/card', 'artist-backend'],
        },
      ],
      ['artist-backend', { kind: 'service', team: 'Artist Relations', dependsOn: [] }],
      ['artists-db', { kind: 'database', team: 'ada', dependsOn: [] }],
    ]);
  });

  it('names what it cannot carry over', () => {
    const read = parse(file);
    expect(read.ok && read.catalog.unmapped.map(({ what }) => what)).toEqual([
      'artist-web: consumes weather',
      'artist-web: link Old',
      '1 of kind System',
    ]);
  });

  it('refuses a file without services, and an entity that is none', () => {
    expect(errorsOf('apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\n')[0]).toContain(
      'no Component',
    );
    expect(errorsOf('apiVersion: v1\nkind: Component\nmetadata: {}\n')[0]).toContain('metadata.name');
  });
});
