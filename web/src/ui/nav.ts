// Where one can go: what stands there follows from what one may read.
import {
  Banknote,
  BookOpen,
  Boxes,
  Building2,
  CircleAlert,
  Coins,
  FilePen,
  FileText,
  HandCoins,
  FileUp,
  Footprints,
  Settings,
  House,
  Inbox as InboxIcon,
  type LucideIcon,
  Package,
  PackageCheck,
  Receipt,
  ShoppingCart,
  Target,
  Truck,
  UserRoundPlus,
  UsersRound,
  Warehouse,
  Tags,
  ScrollText,
  ArrowLeftRight,
  ListPlus,
  ShieldCheck,
  CalendarClock,
  Undo2,
  ListTodo,
  NotebookText,
  Clock,
  Webhook,
  ChartLine,
  Hourglass,
  Waves,
  Waypoints,
  Stamp,
} from 'lucide-react';

export type Place = {
  key: string;
  to: string;
  icon: LucideIcon;
  /** The permission that it needs. */
  needs?: string;
  /** Its collection, for what the program says in the entity's words. */
  entity?: string;
  /** Key that opens it after `g`. */
  go?: string;
  /** A stage's colour. */
  stage?: string;
};
export type Section = { key: string; places: Place[] };

export const SECTIONS: Section[] = [
  {
    key: '',
    places: [
      { key: 'nav-home', to: '/', icon: House, go: 'h' },
      { key: 'inbox', to: '/inbox', icon: InboxIcon, go: 'i' },
      { key: '', to: '/tasks', entity: 'task', icon: ListTodo, needs: 'connect.task.read' },
    ],
  },
  {
    key: 'nav-sell',
    places: [
      {
        key: '',
        to: '/leads',
        entity: 'lead',
        icon: UserRoundPlus,
        needs: 'crm.lead.read',
        go: 'l',
        stage: 'lead',
      },
      {
        key: 'nav-pool',
        to: '/pool',
        icon: Waves,
        needs: 'crm.lead.pick',
        go: 'k',
        stage: 'lead',
      },
      {
        key: '',
        to: '/opportunities',
        entity: 'opportunity',
        icon: Target,
        needs: 'crm.opportunity.read',
        go: 'd',
        stage: 'opportunity',
      },
      {
        key: '',
        to: '/quotes',
        entity: 'quote',
        icon: FileText,
        needs: 'sales.quote.read',
        go: 'q',
        stage: 'quote',
      },
      { key: 'nav-customers', to: '/parties', icon: Building2, needs: 'party.party.read', go: 'c' },
    ],
  },
  {
    key: 'nav-fulfil',
    places: [
      {
        key: '',
        to: '/orders',
        entity: 'order',
        icon: ShoppingCart,
        needs: 'sales.order.read',
        go: 'o',
        stage: 'order',
      },
      {
        key: '',
        to: '/change_orders',
        entity: 'change_order',
        icon: FilePen,
        needs: 'sales.change_order.read',
        stage: 'order',
      },
      {
        key: 'nav-desk',
        to: '/desk',
        icon: CircleAlert,
        needs: 'policy.hold.read',
        go: 'x',
        stage: 'order',
      },
      { key: '', to: '/approvals', entity: 'approval', icon: Stamp, needs: 'policy.approval.read' },
      {
        key: 'nav-pick',
        to: '/pick',
        icon: PackageCheck,
        needs: 'stock.shipment.pick',
        go: 'p',
        stage: 'shipment',
      },
      {
        key: '',
        to: '/shipments',
        entity: 'shipment',
        icon: Truck,
        needs: 'stock.shipment.read',
        go: 's',
        stage: 'shipment',
      },
      {
        key: '',
        to: '/returns',
        entity: 'return',
        icon: Undo2,
        needs: 'stock.return.read',
        go: 'r',
        stage: 'shipment',
      },
    ],
  },
  {
    key: 'nav-cash',
    places: [
      {
        key: 'nav-billing',
        to: '/billing',
        icon: ScrollText,
        needs: 'finance.invoice.create',
        go: 'b',
        stage: 'bill',
      },
      {
        key: '',
        to: '/invoices',
        entity: 'invoice',
        icon: Receipt,
        needs: 'finance.invoice.read',
        go: 'i',
        stage: 'bill',
      },
      {
        key: '',
        to: '/statements',
        entity: 'statement',
        icon: NotebookText,
        needs: 'finance.statement.read',
        stage: 'bill',
      },
      {
        key: 'nav-matching',
        to: '/matching',
        icon: ArrowLeftRight,
        needs: 'finance.payment.allocate',
        go: 'm',
        stage: 'cash',
      },
      {
        key: '',
        to: '/payments',
        entity: 'payment',
        icon: Banknote,
        needs: 'finance.payment.read',
        go: 'y',
        stage: 'cash',
      },
      {
        key: '',
        to: '/refunds',
        entity: 'refund',
        icon: HandCoins,
        needs: 'finance.refund.read',
        stage: 'cash',
      },
      {
        key: '',
        to: '/credit_changes',
        entity: 'credit_change',
        icon: ShieldCheck,
        needs: 'terms.credit_change.read',
        stage: 'cash',
      },
      { key: 'nav-ledger', to: '/ledger', icon: BookOpen, needs: 'ledger.entry.read', go: 'e' },
      {
        key: '',
        to: '/periods',
        entity: 'period',
        icon: CalendarClock,
        needs: 'ledger.period.read',
      },
    ],
  },
  {
    key: 'nav-masters',
    places: [
      {
        key: '',
        to: '/products',
        entity: 'product',
        icon: Package,
        needs: 'product.product.read',
        go: 't',
      },
      {
        key: '',
        to: '/price_lists',
        entity: 'price_list',
        icon: Tags,
        needs: 'terms.price_list.read',
      },
      {
        key: '',
        to: '/exchange_rates',
        entity: 'exchange_rate',
        icon: Coins,
        needs: 'finance.exchange_rate.read',
      },
      { key: '', to: '/receipts', entity: 'receipt', icon: Boxes, needs: 'stock.receipt.read' },
      {
        key: '',
        to: '/warehouses',
        entity: 'warehouse',
        icon: Warehouse,
        needs: 'stock.warehouse.read',
      },
    ],
  },
  {
    key: 'nav-insight',
    places: [
      { key: 'nav-figures', to: '/figures', icon: ChartLine, needs: 'process.kpi.read', go: 'f' },
      { key: 'nav-lost', to: '/lost', icon: Hourglass, needs: 'process.process.read', go: 'w' },
      { key: 'nav-process', to: '/process', icon: Waypoints, needs: 'process.process.read' },
    ],
  },
  {
    key: 'nav-company',
    places: [
      { key: 'nav-settings', to: '/settings', icon: Settings, needs: 'access.company.change' },
      { key: '', to: '/users', entity: 'user', icon: UsersRound, needs: 'access.user.create' },
      { key: 'nav-rights', to: '/rights', icon: ShieldCheck, needs: 'access.role.read' },
      {
        key: 'nav-own-fields',
        to: '/own-fields',
        icon: ListPlus,
        needs: 'access.custom_field.write',
      },
      { key: 'nav-import', to: '/import', icon: FileUp, needs: 'history.import.apply' },
      { key: 'nav-trail', to: '/trail', icon: Footprints, needs: 'store.fact.read' },
      { key: 'nav-audit', to: '/audit', icon: ShieldCheck, needs: 'access.audit.read' },
      { key: '', to: '/jobs', entity: 'job', icon: ListTodo, needs: 'store.job.read' },
      { key: '', to: '/schedules', entity: 'schedule', icon: Clock, needs: 'store.schedule.read' },
      { key: '', to: '/webhooks', entity: 'webhook', icon: Webhook, needs: 'connect.webhook.read' },
    ],
  },
];

export const places = (): Place[] => SECTIONS.flatMap((s) => s.places);
