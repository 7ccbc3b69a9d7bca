import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { paths } from "@/api/schema";
import type { Route } from "@/api/types";

type NewRoute = paths["/api/v1/routes"]["post"]["requestBody"]["content"]["application/json"];

/** Which numbers lead where, in the order in which they are tried. */
export function useRoutes() {
  return useQuery<Route[]>({
    queryKey: keys.routes,
    queryFn: () => answer(api.GET("/api/v1/routes")),
  });
}

export function useCreateRoute() {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewRoute) => answer(api.POST("/api/v1/routes", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.routes }),
  });
}

export function useDeleteRoute() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/v1/routes/{id}", { params: { path: { id } } })),
    // Somebody else may have been quicker: what is left is asked for in any case.
    onSettled: () => cache.invalidateQueries({ queryKey: keys.routes }),
  });
}
