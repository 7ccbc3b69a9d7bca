import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { paths } from "@/api/schema";
import type { Queue, QueueView, UserRef } from "@/api/types";

type QueuePatch =
  paths["/api/v1/queues/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** Queues with their numbers of this moment. */
export function useQueues(enabled = true) {
  return useQuery<QueueView[]>({
    enabled,
    queryKey: keys.queues,
    queryFn: () => answer(api.GET("/api/v1/queues")),
  });
}

/** A queue's settings, its sounds among them. */
export function useQueue(id: string) {
  return useQuery<Queue>({
    queryKey: keys.queue(id),
    queryFn: () => answer(api.GET("/api/v1/queues/{id}", { params: { path: { id } } })),
  });
}

/** Names of the sounds that there are. */
export function useSounds() {
  return useQuery<string[]>({
    queryKey: keys.sounds,
    queryFn: () => answer(api.GET("/api/v1/sounds")),
  });
}

export function useQueueMembers(id: string) {
  return useQuery<UserRef[]>({
    queryKey: keys.queueMembers(id),
    queryFn: () => answer(api.GET("/api/v1/queues/{id}/members", { params: { path: { id } } })),
  });
}

export function useCreateQueue() {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: { name: string }) => answer(api.POST("/api/v1/queues", { body })),
    onSuccess: (queue) => {
      cache.setQueryData(keys.queue(queue.id), queue);
      // The board hears of a queue after this answer: to ask it now could miss the new one.
      cache.setQueryData<QueueView[]>(keys.queues, (known) => withNew(known, queue));
    },
  });
}

/** The queues with one that nobody has called yet. */
export function withNew(known: QueueView[] | undefined, queue: Queue): QueueView[] | undefined {
  if (known === undefined || known.some(({ id }) => id === queue.id)) return known;
  const nobody = { waiting: 0, ready: 0, offered: 0, talking: 0, wrap_up: 0, not_ready: 0 };
  return [...known, { ...queue, ...nobody, answered_today: 0, abandoned_today: 0 }];
}

export function usePatchQueue(id: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: QueuePatch) =>
      answer(api.PATCH("/api/v1/queues/{id}", { params: { path: { id } }, body })),
    onSuccess: (queue) => {
      cache.setQueryData(keys.queue(id), queue);
      return cache.invalidateQueries({ queryKey: keys.queues });
    },
  });
}

export function useSetQueueMembers(id: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (user_ids: string[]) =>
      answer(
        api.PUT("/api/v1/queues/{id}/members", { params: { path: { id } }, body: { user_ids } }),
      ),
    onSuccess: (members) => cache.setQueryData(keys.queueMembers(id), members),
  });
}
