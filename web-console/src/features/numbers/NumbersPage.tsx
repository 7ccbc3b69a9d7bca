import { Alert, Button, Paper, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueView, Route } from "@/api/types";
import { useQueues } from "@/features/queues/queues";
import { Empty, Loadable } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { NumberDialog } from "./NumberDialog";
import { NumbersTable } from "./NumbersTable";
import { useRoutes } from "./numbers";
import { unreached } from "./routes";

/** Which numbers customers call, and where each leads. */
export function NumbersPage() {
  const { t } = useTranslation();
  const routes = useRoutes();
  const queues = useQueues();
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHead title={t("nav.numbers")} sub={t("numbers.sub")}>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={open}
          disabled={routes.data === undefined}
        >
          {t("numbers.new")}
        </Button>
      </PageHead>
      <Loadable query={routes}>
        {(all) => (
          <Stack gap="md">
            {queues.data && <Unreached queues={queues.data} routes={all} />}
            {all.length === 0 ? (
              <Paper>
                <Empty title={t("numbers.none")} hint={t("numbers.none_hint")} />
              </Paper>
            ) : (
              <NumbersTable routes={all} />
            )}
          </Stack>
        )}
      </Loadable>
      <NumberDialog opened={creating} close={close} routes={routes.data ?? []} />
    </>
  );
}

/** Says which queues no customer can reach; nothing when each has its number. */
function Unreached({ queues, routes }: { queues: QueueView[]; routes: Route[] }) {
  const { t, i18n } = useTranslation();
  const without = unreached(queues, routes);
  if (without.length === 0) return null;
  const none = without.length === queues.length;
  const names = new Intl.ListFormat(i18n.language).format(without.map(({ name }) => name));
  return (
    <Alert
      variant="default"
      icon={<IconAlertTriangle color="var(--tone-alert)" aria-hidden />}
      title={none ? t("numbers.no_queue") : t("numbers.unreached", { names })}
    >
      {none ? t("numbers.no_queue_hint") : t("numbers.unreached_hint")}
    </Alert>
  );
}
