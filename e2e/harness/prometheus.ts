// Debian's Prometheus and Alertmanager, run for real on loopback ports and ended by process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server.ts';

export function toolPath(name: string): string {
  const folder = process.env['TOCSIN_TEST_TOOLS'] ?? '/usr/bin';
  const path = join(folder, name);
  if (!existsSync(path))
    throw new Error(`${path} is missing. Run npm test once, it installs it, or install Debian's package.`);
  return path;
}

/** Why these programs cannot run here, for a skip; null where they can. */
export function whyNoPrometheus(): string | null {
  try {
    for (const name of ['prometheus', 'prometheus-alertmanager', 'amtool']) toolPath(name);
    return null;
  } catch (error) {
    const why = process.env['TOCSIN_TEST_MISSING_PROMETHEUS'];
    return why ?? (error instanceof Error ? error.message : String(error));
  }
}

/** A target that answers scrapes until it is taken down. */
export async function createTarget(): Promise<{ address: string; down(): Promise<void>; up(): Promise<void> }> {
  const port = await freePort();
  let server: Server | null = null;
  const up = () =>
    new Promise<void>((resolve) => {
      server = createServer((_, response) => response.end('shop_up 1\n')).listen(port, '127.0.0.1', () => resolve());
    });
  await up();
  return {
    address: `127.0.0.1:${port}`,
    up,
    down: () =>
      new Promise((resolve) => {
        if (server === null) {
          resolve();
          return;
        }
        server.closeAllConnections();
        server.close(() => resolve());
        server = null;
      }),
  };
}

export interface Tool {
  url: string;
  stop(): Promise<void>;
}

async function run(name: string, args: string[], folder: string, url: string): Promise<Tool> {
  const child: ChildProcess = spawn(toolPath(name), args, { cwd: folder, stdio: 'ignore' });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await fetch(`${url}/-/ready`).catch(() => null))?.ok === true) return { url, stop };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${name} did not become ready`);
}

/** `alerting` is the YAML that goes under Prometheus's `alerting:` key, as the center shows it for copying. */
export async function startPrometheus(targets: string[], alerting: string, service = 'shop'): Promise<Tool> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-prometheus-'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [rules.yml]
scrape_configs:
- job_name: shop
  static_configs:
  - targets: [${targets.map((target) => `'${target}'`).join(', ')}]
${alerting}
`,
  );
  writeFileSync(
    join(folder, 'rules.yml'),
    `groups:
- name: shop
  rules:
  - alert: InstanceDown
    expr: up == 0
    labels:
      severity: critical
      service: ${service}
    annotations:
      summary: 'Instance {{ $labels.instance }} is down'
      runbook_url: https://runbooks.example/instance-down
`,
  );
  mkdirSync(join(folder, 'data'));
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=2s',
  ];
  return run('prometheus', args, folder, `http://127.0.0.1:${port}`);
}

/** `config` is a whole alertmanager.yml but for the timings, as the center shows it for copying. */
export async function startAlertmanager(config: string): Promise<Tool> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-alertmanager-'));
  const port = await freePort();
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  const args = [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return run('prometheus-alertmanager', args, folder, `http://127.0.0.1:${port}`);
}
