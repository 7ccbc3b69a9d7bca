import { Button, Divider, Paper, SimpleGrid, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueView } from "@/api/types";
import { Empty, Loadable } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { MembersForm } from "./MembersForm";
import { QueueDialog } from "./QueueDialog";
import { useQueue, useQueueMembers, useQueues } from "./queues";
import { SettingsForm } from "./SettingsForm";

/** Which queues there are, who serves each, how it sounds, rings and waits. */
export function QueuesPage() {
  const { t } = useTranslation();
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHead title={t("nav.queues")} sub={t("queues.sub")}>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          {t("queues.new")}
        </Button>
      </PageHead>
      <Loadable query={useQueues()}>
        {(queues) =>
          queues.length === 0 ? (
            <Paper>
              <Empty title={t("queues.none")} hint={t("queues.none_hint")} />
            </Paper>
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2, lg: 3 }}>
              {queues.map((queue) => (
                <QueueCard key={queue.id} queue={queue} />
              ))}
            </SimpleGrid>
          )
        }
      </Loadable>
      <QueueDialog opened={creating} close={close} />
    </>
  );
}

function QueueCard({ queue }: { queue: QueueView }) {
  return (
    <Paper p="md" component="section" aria-label={queue.name}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {queue.name}
        </Title>
        <Loadable query={useQueueMembers(queue.id)}>
          {(members) => <MembersForm queue={queue} members={members} />}
        </Loadable>
        <Divider />
        <Loadable query={useQueue(queue.id)}>
          {(settings) => <SettingsForm queue={settings} />}
        </Loadable>
      </Stack>
    </Paper>
  );
}
