// Building and serving the web app. Files are compressed here, so that the program need not.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type Plugin, defineConfig } from 'vite';
import { words, wordsChunk } from './tools/words.ts';

const here = import.meta.dirname;
const API = process.env['HUILIU_API'] ?? 'http://127.0.0.1:8360';

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

/** Writes `.br` and `.gz` beside every file that can be made smaller. */
function compress(): Plugin {
  return {
    name: 'huiliu-compress',
    apply: 'build',
    closeBundle() {
      for (const path of walk(resolve(here, 'dist'))) {
        if (!/\.(js|css|html|svg|json|webmanifest|txt)$/.test(path)) continue;
        const bytes = readFileSync(path);
        const br = brotliCompressSync(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 11,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        });
        writeFileSync(`${path}.br`, br);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Says from which sources the build was made, so that a later one can be left out. */
function stamp(): Plugin {
  return {
    name: 'huiliu-stamp',
    apply: 'build',
    closeBundle() {
      const value = process.env['HUILIU_WEB_STAMP'];
      if (value) writeFileSync(resolve(here, 'dist/.stamp'), `${value}\n`);
    },
  };
}

export default defineConfig({
  plugins: [react(), words(), compress(), stamp()],
  server: { port: 5173, fs: { allow: ['..'] }, proxy: { '/api': API, '/healthz': API } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk: { facadeModuleId?: string | null }) =>
          wordsChunk(chunk.facadeModuleId) ?? 'assets/[name]-[hash].js',
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
              priority: 20,
            },
            { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/]/, priority: 15 },
          ],
        },
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
} as never);
