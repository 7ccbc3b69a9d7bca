import { ScrollArea, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/features/session/session";
import { NavItem } from "@/ui/links";
import classes from "./Navigation.module.css";
import { GROUPS, PLACES } from "./nav";

/** The places this user may go, by what they are for. */
export function Navigation({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const places = PLACES.filter((place) => may(place.right));
  return (
    <ScrollArea type="auto" h="100%">
      <Stack gap="md" p="sm" component="nav" aria-label={t("nav.label")}>
        {GROUPS.map((group) => {
          const own = places.filter((place) => place.group === group);
          if (own.length === 0) return null;
          return (
            <div key={group}>
              <Text size="xs" c="dimmed" fw={500} px={10} mb={4}>
                {t(`nav.group.${group}`)}
              </Text>
              {own.map((place) => (
                <NavItem
                  key={place.to}
                  to={place.to}
                  label={t(`nav.${place.name}`)}
                  leftSection={<place.icon size={18} stroke={1.7} aria-hidden />}
                  className={classes.item}
                  activeProps={{ "data-active": true, "aria-current": "page" } as object}
                  onClick={onGo}
                />
              ))}
            </div>
          );
        })}
      </Stack>
    </ScrollArea>
  );
}
