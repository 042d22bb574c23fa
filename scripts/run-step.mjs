// Runs a program with a time limit, and everything it started ends with it.
import { spawn } from 'node:child_process';

/** Answers the exit code (null: ended by its limit) and what it printed, which is also shown where `show` says so. */
export function runStep(command, args, { cwd, env = {}, withinMs, show = true, signal }) {
  return new Promise((resolve) => {
    // A group of its own, so that workers and servers it left behind can be ended too.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let output = '';
    const take = (text) => {
      output = (output + text).slice(-200_000);
      if (show) process.stdout.write(text);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (name) => {
      if (child.pid === undefined) return;
      try {
        if (process.platform === 'win32') child.kill(name);
        else process.kill(-child.pid, name);
      } catch {
        // Gone already.
      }
    };
    let limited = false;
    const limit = setTimeout(() => {
      limited = true;
      end('SIGTERM');
      setTimeout(end, 5_000, 'SIGKILL').unref();
    }, withinMs);
    const abort = () => end('SIGTERM');
    signal?.addEventListener('abort', abort);
    const finish = (code) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', abort);
      end('SIGKILL');
      resolve({ code: limited ? null : code, output });
    };
    child.on('error', (error) => {
      take(`${error.message}\n`);
      finish(1);
    });
    // Not at the end of its output: a process it left behind could hold that open for good.
    child.on('exit', (code) => setTimeout(finish, 100, code ?? 1));
  });
}
