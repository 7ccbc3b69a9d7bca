import { Button, Divider, Group, Paper, Stack, Textarea, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/features/session/session";
import { Empty, Failed, Waiting } from "@/ui/Loadable";
import { useAddNote, useTimeline } from "./contacts";
import { TimelineEntry } from "./TimelineEntry";

/** What happened with this customer, newest first. */
export function Timeline({ contactId }: { contactId: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const timeline = useTimeline(contactId);
  const items = rowsOf(timeline.data);
  return (
    <Paper component="section" aria-labelledby="timeline">
      <Title order={2} size="h5" id="timeline" p="md" pb="xs">
        {t("timeline.title")}
      </Title>
      {may("edit_contacts") && <NewNote contactId={contactId} />}
      <Divider />
      {timeline.isPending && <Waiting />}
      {timeline.isError && <Failed error={timeline.error} retry={() => void timeline.refetch()} />}
      {timeline.isSuccess && items.length === 0 && (
        <Empty title={t("timeline.empty")} hint={t("timeline.empty_hint")} />
      )}
      <Stack component="ol" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
        {items.map((item) => (
          <TimelineEntry key={item.id} item={item} />
        ))}
      </Stack>
      {timeline.hasNextPage && (
        <Group justify="center" p="md">
          <Button
            variant="default"
            loading={timeline.isFetchingNextPage}
            onClick={() => void timeline.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        </Group>
      )}
    </Paper>
  );
}

function NewNote({ contactId }: { contactId: string }) {
  const { t } = useTranslation();
  const add = useAddNote(contactId);
  const form = useForm({ initialValues: { text: "" } });
  return (
    <form
      onSubmit={form.onSubmit(({ text }) => {
        if (text.trim()) add.mutate(text.trim(), { onSuccess: () => form.reset() });
      })}
    >
      <Group p="md" pt={0} align="flex-end" gap="sm">
        <Textarea
          flex={1}
          miw={200}
          aria-label={t("timeline.add_note")}
          placeholder={t("timeline.note_hint")}
          autosize
          minRows={1}
          maxRows={6}
          {...form.getInputProps("text")}
        />
        <Button
          type="submit"
          variant="default"
          loading={add.isPending}
          disabled={!form.values.text.trim()}
        >
          {t("timeline.add_note")}
        </Button>
      </Group>
    </form>
  );
}
