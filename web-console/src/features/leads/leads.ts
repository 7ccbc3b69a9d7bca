import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { Lead, LeadStatus, Page } from "@/api/types";

type NewLead = paths["/api/v1/leads"]["post"]["requestBody"]["content"]["application/json"];
type LeadPatch = paths["/api/v1/leads/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** A contact's own list beside other things; more are on its page. */
const CONTACT_LIMIT = 50;

export function useLeads(filter: { search?: string; status?: LeadStatus; company_id?: string }) {
  return usePages<Lead>(keys.leads(filter), (cursor) =>
    answer(api.GET("/api/v1/leads", { params: { query: { ...filter, cursor } } })),
  );
}

/** Those of one contact; nothing while there is no contact. */
export function useContactLeads(contactId: string | null) {
  const query = { contact_id: contactId ?? undefined, limit: CONTACT_LIMIT };
  return useQuery<Page<Lead>>({
    queryKey: keys.leads({ of: contactId }),
    enabled: contactId !== null,
    queryFn: () => answer(api.GET("/api/v1/leads", { params: { query } })),
  });
}

export function useLead(id: string) {
  return useQuery<Lead>({
    queryKey: keys.lead(id),
    queryFn: () => answer(api.GET("/api/v1/leads/{id}", { params: { path: { id } } })),
  });
}

function useTakeLead(): (lead: Lead) => void {
  const cache = useQueryClient();
  return (lead) => {
    cache.setQueryData(keys.lead(lead.id), lead);
    void cache.invalidateQueries({ queryKey: keys.leads() });
    if (lead.contact) void cache.invalidateQueries({ queryKey: keys.timeline(lead.contact.id) });
  };
}

export function useCreateLead() {
  const take = useTakeLead();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewLead) => answer(api.POST("/api/v1/leads", { body })),
    onSuccess: take,
  });
}

export function usePatchLead(id: string) {
  const take = useTakeLead();
  return useMutation({
    mutationFn: (body: LeadPatch) =>
      answer(api.PATCH("/api/v1/leads/{id}", { params: { path: { id } }, body })),
    onSuccess: take,
  });
}
