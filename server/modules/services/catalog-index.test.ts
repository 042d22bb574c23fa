import { expect, it } from 'vitest';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import { aDraft } from '#server/testkit/catalog.ts';

const index = createCatalogIndex(1, [
  { id: 'checkout', draft: aDraft('Checkout', { aliases: ['checkout-api'], dependsOn: ['payments', 'Nowhere'] }) },
  {
    id: 'payments',
    draft: aDraft('payments', {
      bindings: [
        { app: 'pay', env: 'prod' },
        { team: 'pay', env: 'prod', zone: 'eu' },
      ],
    }),
  },
  { id: 'staging', draft: aDraft('payments-staging', { bindings: [{ app: 'pay' }] }) },
]);
const bind = (service: string | null, labels: Record<string, string> = {}) => index.bind({ service, labels });

it('binds an alert by its name, without regard to case, and by another name of the service', () => {
  expect(bind('CHECKOUT')).toEqual({ serviceId: 'checkout', name: 'Checkout', why: 'It names the service.' });
  expect(bind('checkout-api')?.why).toBe('“checkout-api” is another name of the service.');
  expect([bind('elsewhere'), bind(null), bind('')]).toEqual([null, null, null]);
});

it('lets labels decide before the name, and of two rules the one that asks for more', () => {
  expect(bind('checkout', { app: 'pay', env: 'prod' })).toEqual({
    serviceId: 'payments',
    name: 'payments',
    why: 'Its labels are those of the service: app="pay", env="prod".',
  });
  expect(bind(null, { app: 'pay', env: 'dev' })?.serviceId).toBe('staging');
  expect(bind(null, { env: 'prod', zone: 'eu', team: 'pay', app: 'pay' })?.why).toContain('zone="eu"');
  expect(bind(null, { env: 'prod', zone: 'eu' })).toBeNull();
  // A label that every object has by birth is none of the alert's.
  expect(bind(null, { constructor: 'x' })).toBeNull();
});

it('knows what depends on what, and leaves out what nobody described', () => {
  expect(index.graph.below('checkout')).toEqual(['payments']);
  expect(index.graph.above('payments')).toEqual(['checkout']);
  expect(index.graph.nameOf('gone')).toBeNull();
});

it('binds ten thousand alerts against ten thousand services at once', () => {
  const large = createCatalogIndex(
    2,
    Array.from({ length: 10_000 }, (_, i) => ({
      id: `s${i}`,
      draft: aDraft(`s${i}`, { bindings: [{ app: `app-${i}`, env: 'prod' }] }),
    })),
  );
  const began = process.cpuUsage();
  const wrong = Array.from({ length: 10_000 }, (_, i) => i).filter(
    (i) => large.bind({ service: null, labels: { app: `app-${i}`, env: 'prod' } })?.serviceId !== `s${i}`,
  );
  expect(wrong).toEqual([]);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_500);
});
