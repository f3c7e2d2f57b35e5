// The addresses of the app. Every screen is loaded when it is first opened.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Shell } from './ui/shell.tsx';
import { NotFound, ScreenProblem, ScreenWaits } from './ui/frames.tsx';
import { Outlet } from '@tanstack/react-router';
import { learning } from './lib/i18n.tsx';
import { parseSearch, stringifySearch } from './lib/address.ts';

/** What a list's address says; shared by all views of the list. */
export type ListSearch = {
  q?: string;
  sort?: string;
  filter?: string[];
  /** A tree of conditions, as JSON. */
  where?: string;
  /** Rows in groups by this field. */
  by?: string;
  view?: string;
  /** The calendar's month, and the field by whose days it lies. */
  month?: string;
  day?: string;
  cols?: string;
  /** The view that was picked, or `none`. */
  saved?: string;
  back?: string;
};

const searchOf = (
  given: Record<string, unknown>,
): ListSearch & Record<string, string | string[] | undefined> =>
  given as ListSearch & Record<string, string | string[] | undefined>;

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  validateSearch: searchOf,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (s: Record<string, unknown>): { next?: string } => ({
    next: s['next'] as string | undefined,
  }),
  component: lazyRouteComponent(learning('setup', () => import('./screens/sign-in.tsx')), 'SignIn'),
});
const link = createRoute({
  getParentRoute: () => root,
  path: '/link/$token',
  component: lazyRouteComponent(
    learning('setup', () => import('./screens/link.tsx')),
    'LinkScreen',
  ),
});

const inside = <P extends string>(
  path: P,
  load: () => Promise<Record<string, unknown>>,
  name: string,
) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    component: lazyRouteComponent(load as never, name as never),
  });

const tree = root.addChildren([
  signIn,
  link,
  shell.addChildren([
    inside('/', () => import('./screens/home.tsx'), 'Home'),
    inside('/desk', learning('orders', () => import('./screens/desk.tsx')), 'Desk'),
    inside('/pool', learning('orders', () => import('./screens/pool.tsx')), 'Pool'),
    inside('/pick', learning('orders', () => import('./screens/pick.tsx')), 'PickList'),
    inside('/billing', learning('orders', () => import('./screens/billing.tsx')), 'Billing'),
    inside('/matching', learning('orders', () => import('./screens/matching.tsx')), 'Matching'),
    inside('/ledger', learning('office', () => import('./screens/ledger.tsx')), 'Ledger'),
    inside('/own-fields', () => import('./screens/own-fields.tsx'), 'OwnFields'),
    inside('/process', learning('process activity', () => import('./screens/process.tsx')), 'Process'),
    inside('/lost', learning('process activity', () => import('./screens/process-lost.tsx')), 'Lost'),
    inside(
      '/figures',
      learning('process activity', () => import('./screens/process-figures.tsx')),
      'Figures',
    ),
    inside(
      '/settings',
      learning('office', () => import('./screens/settings.tsx')),
      'SettingsScreen',
    ),
    inside(
      '/trail',
      learning('office activity', () => import('./screens/trail.tsx')),
      'TrailScreen',
    ),
    inside('/audit', learning('office activity', () => import('./screens/audit.tsx')), 'AuditScreen'),
    inside('/import', learning('import', () => import('./screens/import.tsx')), 'ImportScreen'),
    inside('/rights', learning('office', () => import('./screens/rights.tsx')), 'Rights'),
    inside('/inbox', () => import('./screens/inbox.tsx'), 'InboxScreen'),
    inside('/me', learning('office', () => import('./screens/me.tsx')), 'MeScreen'),
    inside('/$collection', () => import('./meta/list-screen.tsx'), 'ListScreen'),
    inside('/$collection/new', () => import('./meta/new-screen.tsx'), 'NewScreen'),
    inside(
      '/$collection/$id',
      learning('activity', () => import('./meta/detail-screen.tsx')),
      'DetailScreen',
    ),
    inside(
      '/$collection/$id/print',
      learning('print', () => import('./screens/print.tsx')),
      'PrintScreen',
    ),
    inside(
      '/orders/$id/chain',
      learning('orders activity', () => import('./screens/chain.tsx')),
      'ChainScreen',
    ),
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
    defaultPendingComponent: ScreenWaits,
    defaultPendingMs: 150,
    defaultErrorComponent: ScreenProblem,
    defaultNotFoundComponent: NotFound,
  });
}
