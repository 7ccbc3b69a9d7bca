import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { Company, ContactSummary, Page } from "@/api/types";

type NewCompany = paths["/api/v1/companies"]["post"]["requestBody"]["content"]["application/json"];
type CompanyPatch =
  paths["/api/v1/companies/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** As many as a drop-down shows without scrolling for long. */
const CHOICES = 20;

export function useCompanies(filter: { search?: string }) {
  return usePages<Company>(keys.companies(filter), (cursor) =>
    answer(api.GET("/api/v1/companies", { params: { query: { ...filter, cursor } } })),
  );
}

/** The first few that fit what is typed, to choose from. */
export function useCompanyChoices(search: string) {
  return useQuery<Page<Company>>({
    queryKey: keys.companies({ choices: search }),
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET("/api/v1/companies", {
          params: { query: { search: search || undefined, limit: CHOICES } },
        }),
      ),
  });
}

export function useCompany(id: string) {
  return useQuery<Company>({
    queryKey: keys.company(id),
    queryFn: () => answer(api.GET("/api/v1/companies/{id}", { params: { path: { id } } })),
  });
}

export function useCompanyContacts(id: string) {
  return usePages<ContactSummary>(keys.contacts({ company_id: id }), (cursor) =>
    answer(
      api.GET("/api/v1/companies/{id}/contacts", { params: { path: { id }, query: { cursor } } }),
    ),
  );
}

function useTakeCompany(): (company: Company) => void {
  const cache = useQueryClient();
  return (company) => {
    cache.setQueryData(keys.company(company.id), company);
    void cache.invalidateQueries({ queryKey: keys.companies() });
  };
}

export function useCreateCompany() {
  const take = useTakeCompany();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewCompany) => answer(api.POST("/api/v1/companies", { body })),
    onSuccess: take,
  });
}

export function usePatchCompany(id: string) {
  const take = useTakeCompany();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: CompanyPatch) =>
      answer(api.PATCH("/api/v1/companies/{id}", { params: { path: { id } }, body })),
    onSuccess: take,
  });
}
