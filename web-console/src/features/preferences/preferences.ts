import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { Density, Locale, Session, Theme } from "@/api/types";

/** Kept with the user on the hub, so that every computer looks the same. */
export function useSavePreferences() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { locale?: Locale; theme?: Theme; density?: Density }) =>
      answer(api.PATCH("/api/v1/me", { body })),
    onSuccess: (user) =>
      cache.setQueryData<Session | null>(keys.session, (session) =>
        session ? { ...session, user } : session,
      ),
  });
}

export function useChangePassword() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: { current: string; new: string }) =>
      answer(api.POST("/api/v1/me/password", { body })),
  });
}
