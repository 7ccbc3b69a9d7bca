import { ActionIcon, Button, Kbd } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import {
  IconAddressBook,
  IconBuilding,
  IconSearch,
  IconTargetArrow,
  IconTicket,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/features/session/session";
import { PLACES } from "@/features/shell/nav";
import classes from "./SearchSpotlight.module.css";
import { useSearch, worthAsking } from "./search";

/** Goes to the list's scroll area, whose types do not say so: what scrolls is reached by keyboard. */
const SCROLLED_BY_KEYBOARD: object = { viewportProps: { tabIndex: 0 } };

/** A pause in typing. */
const ASK_AFTER_MS = 180;

export function SearchButton() {
  const { t } = useTranslation();
  return (
    <>
      <Button
        variant="default"
        className={classes.wide}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={() => spotlight.open()}
      >
        {t("search.open")}
      </Button>
      <ActionIcon
        className={classes.narrow}
        aria-label={t("search.open")}
        onClick={() => spotlight.open()}
      >
        <IconSearch size={19} aria-hidden />
      </ActionIcon>
    </>
  );
}

/** Ctrl+K: any contact, company, ticket, lead or place by a few letters or digits. */
export function SearchSpotlight() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, ASK_AFTER_MS);
  const found = useSearch(may("view_contacts") ? asked : "").data;
  const asking = worthAsking(typed) && may("view_contacts");
  const needle = typed.trim().toLocaleLowerCase();
  const places = PLACES.filter(
    (place) => may(place.right) && t(`nav.${place.name}`).toLocaleLowerCase().includes(needle),
  );
  const results = asking && found ? found : null;
  const nothing =
    places.length === 0 &&
    (!results ||
      results.contacts.length +
        results.companies.length +
        results.tickets.length +
        results.leads.length ===
        0);

  const icon = { size: 19, stroke: 1.6, "aria-hidden": true } as const;
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      scrollable
      maxHeight={480}
      shortcut="mod + K"
      attributes={{ content: { "aria-label": t("search.open") } }}
    >
      <Spotlight.Search
        placeholder={t("search.placeholder")}
        aria-label={t("search.placeholder")}
        leftSection={<IconSearch size={20} aria-hidden />}
      />
      <Spotlight.ActionsList {...SCROLLED_BY_KEYBOARD}>
        {results && results.contacts.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.contacts")}>
            {results.contacts.map((each) => (
              <Spotlight.Action
                key={each.id}
                label={each.name}
                description={[each.company?.name, each.phones[0]?.display]
                  .filter(Boolean)
                  .join(" · ")}
                leftSection={<IconAddressBook {...icon} />}
                onClick={() =>
                  void navigate({ to: "/contacts/$contactId", params: { contactId: each.id } })
                }
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {results && results.companies.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.companies")}>
            {results.companies.map((each) => (
              <Spotlight.Action
                key={each.id}
                label={each.name}
                description={each.domain ?? undefined}
                leftSection={<IconBuilding {...icon} />}
                onClick={() =>
                  void navigate({ to: "/companies/$companyId", params: { companyId: each.id } })
                }
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {results && results.tickets.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.tickets")}>
            {results.tickets.map((each) => (
              <Spotlight.Action
                key={each.id}
                label={`#${each.number} ${each.subject}`}
                description={[t(`states.ticket.${each.status}`), each.contact?.name]
                  .filter(Boolean)
                  .join(" · ")}
                leftSection={<IconTicket {...icon} />}
                onClick={() =>
                  void navigate({ to: "/tickets/$ticketId", params: { ticketId: each.id } })
                }
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {results && results.leads.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.leads")}>
            {results.leads.map((each) => (
              <Spotlight.Action
                key={each.id}
                label={each.title}
                description={[t(`states.lead.${each.status}`), each.contact?.name]
                  .filter(Boolean)
                  .join(" · ")}
                leftSection={<IconTargetArrow {...icon} />}
                onClick={() => void navigate({ to: "/leads/$leadId", params: { leadId: each.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {places.length > 0 && (
          <Spotlight.ActionsGroup label={t("search.places")}>
            {places.map((place) => (
              <Spotlight.Action
                key={place.to}
                label={t(`nav.${place.name}`)}
                leftSection={<place.icon {...icon} />}
                onClick={() => void navigate({ to: place.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && (
          <Spotlight.Empty>
            {t(asking && !found ? "common.loading" : "search.nothing")}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
