import {
  IconAddressBook,
  IconBuilding,
  IconClipboardList,
  IconHeadset,
  IconLayoutDashboard,
  IconLock,
  IconPhone,
  IconRoute,
  IconStack2,
  IconTargetArrow,
  IconTicket,
  IconUsers,
} from "@tabler/icons-react";
import type { Right } from "@/features/session/session";

/** One place of the console: its address, its name (`nav.<name>`), and the right it asks for. */
export const PLACES = [
  { to: "/desk", name: "desk", right: "handle_calls", icon: IconHeadset, group: "work" },
  { to: "/wall", name: "wall", right: "view_wall", icon: IconLayoutDashboard, group: "work" },
  { to: "/calls", name: "calls", right: "view_own_calls", icon: IconPhone, group: "work" },
  {
    to: "/contacts",
    name: "contacts",
    right: "view_contacts",
    icon: IconAddressBook,
    group: "customers",
  },
  {
    to: "/companies",
    name: "companies",
    right: "view_contacts",
    icon: IconBuilding,
    group: "customers",
  },
  { to: "/tickets", name: "tickets", right: "view_contacts", icon: IconTicket, group: "customers" },
  {
    to: "/leads",
    name: "leads",
    right: "view_contacts",
    icon: IconTargetArrow,
    group: "customers",
  },
  { to: "/queues", name: "queues", right: "manage_settings", icon: IconStack2, group: "house" },
  { to: "/numbers", name: "numbers", right: "manage_settings", icon: IconRoute, group: "house" },
  { to: "/users", name: "users", right: "view_users", icon: IconUsers, group: "house" },
  { to: "/holds", name: "holds", right: "hold_recordings", icon: IconLock, group: "house" },
  { to: "/audit", name: "audit", right: "view_audit", icon: IconClipboardList, group: "house" },
] as const satisfies readonly {
  to: string;
  name: string;
  right: Right;
  icon: typeof IconPhone;
  group: "work" | "customers" | "house";
}[];

export const GROUPS = ["work", "customers", "house"] as const;

/** Where somebody lands: agents at their desk, supervisors at the wall, others at the contacts. */
export function homeFor(may: (right: Right) => boolean): "/desk" | "/wall" | "/contacts" {
  if (may("view_wall") && (may("set_agent_state") || !may("handle_calls"))) return "/wall";
  return may("handle_calls") ? "/desk" : "/contacts";
}
