import { MultiSelect, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { asApiError } from "@/api/problem";
import type { UserRef } from "@/api/types";
import { useUsers } from "@/features/users/users";
import { choices, sameMembers } from "./members";
import { useSetQueueMembers } from "./queues";
import { SaveLine } from "./SaveLine";

interface Props {
  queue: { id: string; name: string };
  members: UserRef[];
}

/** Who serves the queue. */
export function MembersForm({ queue, members }: Props) {
  const { t } = useTranslation();
  const users = rowsOf(useUsers().data);
  const save = useSetQueueMembers(queue.id);
  const served = members.map(({ id }) => id);
  // What is chosen and not saved yet; nothing while the field shows what the hub has.
  const [draft, setDraft] = useState<string[] | null>(null);
  const chosen = draft ?? served;
  const dirty = !sameMembers(chosen, served);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(chosen, { onSuccess: () => setDraft(null) });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="sm">
        <MultiSelect
          label={t("queues.members")}
          description={chosen.length === 0 ? t("queues.no_members") : undefined}
          data={choices(users, members)}
          value={chosen}
          onChange={setDraft}
          searchable
          hidePickedOptions
          comboboxProps={{ shadow: "md" }}
          nothingFoundMessage={t("common.nothing_found")}
          // The reason itself stands at the foot.
          error={save.isError && asApiError(save.error).field === "user_ids"}
        />
        <SaveLine saving={save} dirty={dirty} what={`${t("queues.members")}, ${queue.name}`} />
      </Stack>
    </form>
  );
}
