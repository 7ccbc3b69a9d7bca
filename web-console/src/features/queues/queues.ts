import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { paths } from "@/api/schema";
import type { QueueView } from "@/api/types";

type QueuePatch =
  paths["/api/v1/queues/{id}"]["patch"]["requestBody"]["content"]["application/json"];

export function useQueues(enabled = true) {
  return useQuery<QueueView[]>({
    enabled,
    queryKey: keys.queues,
    queryFn: () => answer(api.GET("/api/v1/queues")),
  });
}

export function usePatchQueue(id: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: QueuePatch) =>
      answer(api.PATCH("/api/v1/queues/{id}", { params: { path: { id } }, body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.queues }),
  });
}
