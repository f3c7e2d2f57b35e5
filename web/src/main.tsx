// Begins the app: words, data, routes.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client.ts';
import { Speaking } from './lib/i18n.tsx';
import { stepped } from './lib/left.ts';
import { followSystemTheme } from './lib/look.ts';
import { makeRouter } from './router.tsx';
import './styles/layers.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/shell.css';
import './styles/data.css';

followSystemTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was refused stays refused; only a lost line is tried again.
      retry: (count, error) =>
        error instanceof Problem && (error.status === 0 || error.status === 503) && count < 2,
    },
    // A write that cannot go out says so at once; it does not wait in silence for the line.
    mutations: { networkMode: 'always' },
  },
});
const router = makeRouter(client);
router.history.subscribe(({ action }) => stepped(action.type));

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Speaking>
          <RouterProvider router={router} />
        </Speaking>
      </QueryClientProvider>
    </StrictMode>,
  );
}
