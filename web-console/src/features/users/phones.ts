import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { Device, MediaSecurity } from "@/api/types";

/** The choices, the least first. */
export const MEDIA_SECURITIES: readonly MediaSecurity[] = ["none", "optional", "sdes", "dtls"];

/** A password is forgotten as soon as nothing shows it. */
const FORGET = { meta: { quiet: true }, gcTime: 0 } as const;

export function usePhones(user: string) {
  return useQuery<Device[]>({
    queryKey: keys.userPhones(user),
    queryFn: () => answer(api.GET("/api/v1/users/{id}/phones", { params: { path: { id: user } } })),
  });
}

export function useCreatePhone(user: string) {
  const cache = useQueryClient();
  return useMutation({
    ...FORGET,
    mutationFn: (body: { username: string; label: string; media_security: MediaSecurity }) =>
      answer(api.POST("/api/v1/users/{id}/phones", { params: { path: { id: user } }, body })),
    // Not waited for: the password is to be on the screen, whatever becomes of the list.
    onSuccess: () => void cache.invalidateQueries({ queryKey: keys.userPhones(user) }),
  });
}

export function useRenewPhone(user: string) {
  return useMutation({
    ...FORGET,
    mutationFn: (phone: string) =>
      answer(
        api.POST("/api/v1/users/{id}/phones/{phone}/password", {
          params: { path: { id: user, phone } },
        }),
      ),
  });
}

export function useSecurePhone(user: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ phone, wanted }: { phone: string; wanted: MediaSecurity }) =>
      answer(
        api.PATCH("/api/v1/users/{id}/phones/{phone}", {
          params: { path: { id: user, phone } },
          body: { media_security: wanted },
        }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.userPhones(user) }),
  });
}

export function useRemovePhone(user: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (phone: string) =>
      answer(
        api.DELETE("/api/v1/users/{id}/phones/{phone}", { params: { path: { id: user, phone } } }),
      ),
    // Somebody else may have been quicker: what is left is asked for in any case.
    onSettled: () => cache.invalidateQueries({ queryKey: keys.userPhones(user) }),
  });
}

/** The most that the hub takes. */
const MOST_USERNAME_CHARS = 64;

/** Whether a telephone may register with this name. */
export function isUsername(text: string): boolean {
  return text.length <= MOST_USERNAME_CHARS && /^[A-Za-z0-9._-]+$/.test(text);
}

/** A name for the next desk phone of this user: `nuria@…` gets `nuria-desk`, then `nuria-desk-2`. */
export function suggestUsername(email: string, phones: readonly Device[]): string {
  const login = (email.split("@")[0] ?? "").replace(/[^A-Za-z0-9._-]/g, "");
  const first = `${login || "phone"}-desk`;
  const taken = new Set(phones.map(({ username }) => username));
  let name = first;
  // Ends: the names differ, and there are as many as phones and one.
  for (let next = 2; taken.has(name); next += 1) name = `${first}-${next}`;
  return name;
}

/** A server's address as a telephone elsewhere can use it: where it listens everywhere, by the
 * name that this page was reached under. */
export function reachable(address: string, host: string): string {
  const everywhere = /^(?:0\.0\.0\.0|\[::\]):(\d+)$/.exec(address);
  return everywhere ? `${host}:${everywhere[1]}` : address;
}
