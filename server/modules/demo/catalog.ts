/** The shop of the script, as a catalog.yaml. The gateway calls nothing here, so that its trouble stays a matter of its own. */
export const demoCatalog = `services:
  storefront:
    team: Shop
    tier: 1
    description: What customers see in their browser.
    journeys: [browse the shop]
    dependsOn: [checkout, inventory]
  gateway:
    kind: network
    team: Platform
    tier: 1
    description: Ends TLS and spreads requests over the pods.
    links:
      - {kind: dashboard, label: Requests and errors, url: "https://grafana.shop.example/d/gateway"}
    dependsOn: [edge-dns]
  checkout:
    team: Shop
    tier: 1
    description: Takes an order from the basket to the receipt.
    journeys: [pay, see the receipt]
    links:
      - {kind: dashboard, label: Requests and errors, url: "https://grafana.shop.example/d/checkout"}
      - {kind: source, label: Source, url: "https://git.shop.example/shop/checkout"}
    aliases: [checkout-api]
    dependsOn: [payments, orders]
  payments:
    team: Payments
    tier: 1
    description: Talks to the card schemes and keeps the books of what was paid.
    journeys: [pay by card]
    links:
      - {kind: runbook, label: Roll a release back, url: "https://runbooks.shop.example/payments/rollback"}
    runbook: |
      1. Was there a deploy in the last hour? Roll it back: \`deployctl rollback payments\`.
      2. Look at the connections of payments-db. More than 180 of 200 means a leak.
      3. Payments that hang are retried for an hour; do not retry them by hand.
    dependsOn: [payments-db, card-network]
  payments-db:
    kind: database
    team: Payments
    tier: 1
    description: PostgreSQL, one primary and two replicas.
    match:
      - {job: postgres, db: payments}
  orders:
    team: Shop
    tier: 2
    description: Every order and where it is.
    dependsOn: [payments]
  inventory:
    team: Logistics
    tier: 2
    description: What is on which shelf.
    dependsOn: [orders]
  search:
    team: Shop
    tier: 3
    description: Finds things in the shop.
    dependsOn: [search-index]
  search-index:
    kind: database
    team: Shop
    tier: 3
  card-network:
    kind: external
    tier: 1
    description: The card schemes, which are nobody's here.
`;
