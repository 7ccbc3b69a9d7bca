import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { HomePage } from "@/features/shell/HomePage";
import { NotFoundPage } from "@/features/shell/NotFoundPage";
import { Shell } from "@/features/shell/Shell";
import { Waiting } from "@/ui/Loadable";

/** Filters live in the address: a list can be bookmarked, shared and gone back to. */
type Search = Record<string, unknown>;
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== ""
    ? value
    : typeof value === "number"
      ? String(value)
      : undefined;
const filters =
  <const K extends string>(...names: K[]) =>
  (search: Search): { [P in K]?: string } =>
    Object.fromEntries(names.map((name) => [name, text(search[name])])) as { [P in K]?: string };

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });
const at = <const P extends string>(path: P) => ({ getParentRoute: () => root, path }) as const;

const routes = [
  createRoute({ ...at("/"), component: HomePage }),
  createRoute({
    ...at("/desk"),
    component: lazyRouteComponent(() => import("@/features/agent/DeskPage"), "DeskPage"),
  }),
  createRoute({
    ...at("/wall"),
    component: lazyRouteComponent(() => import("@/features/wall/WallPage"), "WallPage"),
  }),
  createRoute({
    ...at("/calls"),
    validateSearch: filters("search", "direction", "agent", "queue", "quality", "from", "to"),
    component: lazyRouteComponent(() => import("@/features/calls/CallsPage"), "CallsPage"),
  }),
  createRoute({
    ...at("/calls/$callId"),
    component: lazyRouteComponent(() => import("@/features/calls/CallPage"), "CallPage"),
  }),
  createRoute({
    ...at("/contacts"),
    validateSearch: filters("search"),
    component: lazyRouteComponent(() => import("@/features/contacts/ContactsPage"), "ContactsPage"),
  }),
  createRoute({
    ...at("/contacts/$contactId"),
    component: lazyRouteComponent(() => import("@/features/contacts/ContactPage"), "ContactPage"),
  }),
  createRoute({
    ...at("/companies"),
    validateSearch: filters("search"),
    component: lazyRouteComponent(
      () => import("@/features/companies/CompaniesPage"),
      "CompaniesPage",
    ),
  }),
  createRoute({
    ...at("/companies/$companyId"),
    component: lazyRouteComponent(() => import("@/features/companies/CompanyPage"), "CompanyPage"),
  }),
  createRoute({
    ...at("/tickets"),
    validateSearch: filters("search", "status"),
    component: lazyRouteComponent(() => import("@/features/tickets/TicketsPage"), "TicketsPage"),
  }),
  createRoute({
    ...at("/tickets/$ticketId"),
    component: lazyRouteComponent(() => import("@/features/tickets/TicketPage"), "TicketPage"),
  }),
  createRoute({
    ...at("/leads"),
    validateSearch: filters("search", "status"),
    component: lazyRouteComponent(() => import("@/features/leads/LeadsPage"), "LeadsPage"),
  }),
  createRoute({
    ...at("/leads/$leadId"),
    component: lazyRouteComponent(() => import("@/features/leads/LeadPage"), "LeadPage"),
  }),
  createRoute({
    ...at("/queues"),
    component: lazyRouteComponent(() => import("@/features/queues/QueuesPage"), "QueuesPage"),
  }),
  createRoute({
    ...at("/numbers"),
    component: lazyRouteComponent(() => import("@/features/numbers/NumbersPage"), "NumbersPage"),
  }),
  createRoute({
    ...at("/users"),
    component: lazyRouteComponent(() => import("@/features/users/UsersPage"), "UsersPage"),
  }),
  createRoute({
    ...at("/holds"),
    component: lazyRouteComponent(() => import("@/features/holds/HoldsPage"), "HoldsPage"),
  }),
  createRoute({
    ...at("/audit"),
    component: lazyRouteComponent(() => import("@/features/audit/AuditPage"), "AuditPage"),
  }),
  createRoute({
    ...at("/preferences"),
    component: lazyRouteComponent(
      () => import("@/features/preferences/PreferencesPage"),
      "PreferencesPage",
    ),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
