// Starts the real program on a folder of its own and hands out ways in.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { front } from './front.mjs';

const here = import.meta.dirname;
export const HUILIU = process.env.HUILIU ?? resolve(here, '../../target/debug/huiliu');

/** The way in that the program prints, one for each tenant. */
const LINK = /\/link\/[0-9]+-[0-9a-f]{64}/;

const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/**
 * Makes a demo company once; every server gets a copy of it. `HUILIU_E2E_KEPT` names a folder in
 * which those of other files of stories are kept: each is the same, made from the same seed.
 */
export function demo(orders = 300) {
  const kept = process.env.HUILIU_E2E_KEPT;
  const there = kept && join(kept, String(orders));
  if (there && existsSync(there)) return { folder: there, drop: () => undefined };
  const folder = mkdtempSync(join(kept ?? tmpdir(), 'hl-web-demo-'));
  execFileSync(HUILIU, ['demo', '--data', folder, '--seed', '1', '--orders', String(orders)], {
    stdio: 'pipe',
  });
  if (!there) return { folder, drop: () => rmSync(folder, { recursive: true, force: true }) };
  renameSync(folder, there);
  return { folder: there, drop: () => undefined };
}

/**
 * A running program on a copy of a demo folder; without one it is empty and waits for its set-up.
 * `own`: a folder with any company, too large to be copied; it stays.
 */
export async function serve(from, { own = false } = {}) {
  const data = own ? from : mkdtempSync(join(tmpdir(), 'hl-web-'));
  if (from && !own) cpSync(from, data, { recursive: true });
  const port = await freePort();
  const args = from && !own ? ['demo', '--data', data, '--serve'] : ['serve', '--data', data];
  const mail = `file:${join(data, 'mail')}`;
  const child = spawn(HUILIU, [...args, '--listen', `127.0.0.1:${port}`], {
    env: { ...process.env, HUILIU_MAIL: mail },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const program = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!LINK.test(said)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGTERM');
      throw new Error(`the program did not start:\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  const link = said.match(LINK)[0];
  const before = process.env.HUILIU_WEB && (await front(program, process.env.HUILIU_WEB));
  const url = before ? before.url : program;
  const stop = async () => {
    if (before) await before.stop();
    child.kill('SIGTERM');
    await new Promise((done) => (child.exitCode === null ? child.on('exit', done) : done()));
    if (!own) rmSync(data, { recursive: true, force: true });
  };
  /** A new link that signs a user in; the program serves on meanwhile. */
  const api = async (token, method, path, body) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        'accept-language': 'en',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const links = () => said.match(new RegExp(LINK, 'g')) ?? [];
  return { url, link: url + link, links, data, stop, api };
}
