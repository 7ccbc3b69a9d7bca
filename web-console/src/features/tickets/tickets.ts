import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { Page, Ticket, TicketStatus } from "@/api/types";

type NewTicket = paths["/api/v1/tickets"]["post"]["requestBody"]["content"]["application/json"];
type TicketPatch =
  paths["/api/v1/tickets/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** A contact's own list beside other things; more are on its page. */
const CONTACT_LIMIT = 50;

export function useTickets(filter: {
  search?: string;
  status?: TicketStatus;
  company_id?: string;
}) {
  return usePages<Ticket>(keys.tickets(filter), (cursor) =>
    answer(api.GET("/api/v1/tickets", { params: { query: { ...filter, cursor } } })),
  );
}

/** Those of one contact; nothing while there is no contact. */
export function useContactTickets(contactId: string | null) {
  const query = { contact_id: contactId ?? undefined, limit: CONTACT_LIMIT };
  return useQuery<Page<Ticket>>({
    queryKey: keys.tickets({ of: contactId }),
    enabled: contactId !== null,
    queryFn: () => answer(api.GET("/api/v1/tickets", { params: { query } })),
  });
}

export function useTicket(id: string) {
  return useQuery<Ticket>({
    queryKey: keys.ticket(id),
    queryFn: () => answer(api.GET("/api/v1/tickets/{id}", { params: { path: { id } } })),
  });
}

function useTakeTicket(): (ticket: Ticket) => void {
  const cache = useQueryClient();
  return (ticket) => {
    cache.setQueryData(keys.ticket(ticket.id), ticket);
    void cache.invalidateQueries({ queryKey: keys.tickets() });
    if (ticket.contact)
      void cache.invalidateQueries({ queryKey: keys.timeline(ticket.contact.id) });
  };
}

export function useCreateTicket() {
  const take = useTakeTicket();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewTicket) => answer(api.POST("/api/v1/tickets", { body })),
    onSuccess: take,
  });
}

export function usePatchTicket(id: string) {
  const take = useTakeTicket();
  return useMutation({
    mutationFn: (body: TicketPatch) =>
      answer(api.PATCH("/api/v1/tickets/{id}", { params: { path: { id } }, body })),
    onSuccess: take,
  });
}
