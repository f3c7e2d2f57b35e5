// The web app as it was built last in `web/dist`, before a program that holds an older one: for
// looking at changed screens without building the program again (`HUILIU_WEB=dist`).
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join, resolve } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** Serves files of `dist` itself, under the policy that the program sets, and hands on the rest. */
export async function front(program, dist) {
  const folder = resolve(import.meta.dirname, '..', dist);
  const policy = (await fetch(program)).headers.get('content-security-policy') ?? '';
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url, program);
    if (pathname.startsWith('/api/') || pathname === '/healthz') {
      const { host, port } = new URL(program);
      const headers = { ...asked.headers, host };
      if (headers.origin) headers.origin = program;
      const on = request({ host: '127.0.0.1', port, method: asked.method, path: asked.url, headers });
      on.on('response', (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      });
      on.on('error', () => answer.destroy());
      answer.on('close', () => on.destroy());
      asked.pipe(on);
      return;
    }
    const file = join(folder, pathname);
    const found = file.startsWith(folder) && existsSync(file) && statSync(file).isFile();
    const path = found ? file : join(folder, 'index.html');
    answer.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    createReadStream(path).pipe(answer);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}
