import type { Role, User, UserRef } from "@/api/types";

/** Roles with the right `handle_calls`, as `crm::rights` has them. */
const HANDLES_CALLS: readonly Role[] = ["agent", "supervisor", "admin"];

/**
 * Whom a queue may be given: active users who handle calls. Whoever serves it already is among
 * them in any case, so that nobody is dropped by saving, and each can be taken out.
 */
export function choices(users: readonly User[], members: readonly UserRef[]) {
  const able = users.filter((user) => user.active && HANDLES_CALLS.includes(user.role));
  const names = new Map([...able, ...members].map((user) => [user.id, user.display_name]));
  return [...names].map(([value, label]) => ({ value, label }));
}

/** Whether two lists hold the same members, in whatever order. */
export function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}
