import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { User } from "@/api/types";

type NewUser = paths["/api/v1/users"]["post"]["requestBody"]["content"]["application/json"];
type UserPatch = paths["/api/v1/users/{id}"]["patch"]["requestBody"]["content"]["application/json"];

export function useUsers() {
  return usePages<User>(keys.users({}), () => answer(api.GET("/api/v1/users")));
}

export function useCreateUser() {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewUser) => answer(api.POST("/api/v1/users", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.users() }),
  });
}

export function usePatchUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: UserPatch }) =>
      answer(api.PATCH("/api/v1/users/{id}", { params: { path: { id } }, body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.users() }),
  });
}
