import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { Contact, ContactSummary, NewContact, Page, TimelineItem } from "@/api/types";

type ContactPatch =
  paths["/api/v1/contacts/{id}"]["patch"]["requestBody"]["content"]["application/json"];

export function useContacts(filter: { search?: string; company_id?: string }) {
  return usePages<ContactSummary>(keys.contacts(filter), (cursor) =>
    answer(api.GET("/api/v1/contacts", { params: { query: { ...filter, cursor } } })),
  );
}

/** As many as a drop-down shows without scrolling for long. */
const CHOICES = 20;

/** The first few that fit what is typed, to choose from. */
export function useContactChoices(search: string) {
  return useQuery<Page<ContactSummary>>({
    queryKey: keys.contacts({ choices: search }),
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET("/api/v1/contacts", {
          params: { query: { search: search || undefined, limit: CHOICES } },
        }),
      ),
  });
}

export function useContact(id: string) {
  return useQuery<Contact>({
    queryKey: keys.contact(id),
    queryFn: () => answer(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
  });
}

export function useTimeline(id: string) {
  return usePages<TimelineItem>(keys.timeline(id), (cursor) =>
    answer(
      api.GET("/api/v1/contacts/{id}/timeline", { params: { path: { id }, query: { cursor } } }),
    ),
  );
}

export function useCreateContact() {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewContact) => answer(api.POST("/api/v1/contacts", { body })),
    onSuccess: (contact) => {
      cache.setQueryData(keys.contact(contact.id), contact);
      void cache.invalidateQueries({ queryKey: keys.contacts() });
    },
  });
}

export function usePatchContact(id: string) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: ContactPatch) =>
      answer(api.PATCH("/api/v1/contacts/{id}", { params: { path: { id } }, body })),
    onSuccess: (contact) => {
      cache.setQueryData(keys.contact(id), contact);
      void cache.invalidateQueries({ queryKey: keys.contacts() });
    },
  });
}

export function useDeleteContact(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/contacts/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      cache.removeQueries({ queryKey: keys.contact(id) });
      void cache.invalidateQueries({ queryKey: keys.contacts() });
    },
  });
}

export function useAddNote(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (text: string) =>
      answer(api.POST("/api/v1/contacts/{id}/notes", { params: { path: { id } }, body: { text } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.timeline(id) }),
  });
}
