import { Button, Group, Kbd, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallTarget } from "@/api/types";
import { PlainList } from "@/ui/PlainList";
import { AgentStateMark } from "@/ui/states";
import classes from "./TransferDialog.module.css";
import { type Choice, useChoices } from "./targets";

/** A pause in typing. */
const ASK_AFTER_MS = 180;

export type Way = "consult" | "transfer" | "participants";

interface Props {
  /** `add`: one more into the conference; else the call goes on. `null`: closed. */
  purpose: "transfer" | "add" | null;
  close: () => void;
  go: (way: Way, to: CallTarget) => void;
}

/** Who takes the call on, or joins it: one field for colleagues, queues, contacts and numbers. */
export function TransferDialog({ purpose, close, go }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={purpose !== null}
      onClose={close}
      title={t(purpose === "add" ? "control.add_title" : "control.transfer_title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {purpose && (
        <Search
          adding={purpose === "add"}
          go={(way, to) => {
            go(way, to);
            close();
          }}
        />
      )}
    </Modal>
  );
}

/** What a press does first: one speaks with a person before, a queue takes the call at once. */
function waysFor(choice: Choice, adding: boolean): Way[] {
  if (adding) return choice.kind === "queue" ? [] : ["participants"];
  return choice.kind === "queue" ? ["transfer"] : ["consult", "transfer"];
}

function Search({ adding, go }: { adding: boolean; go: Props["go"] }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, ASK_AFTER_MS);
  const choices = useChoices(asked).filter((choice) => waysFor(choice, adding).length > 0);
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const first = choices[0];
    // Nobody was named, or what is typed is ahead of what is listed: then nothing is taken yet.
    if (!first || typed.trim() === "" || asked !== typed) return;
    const ways = waysFor(first, adding);
    const way = event.ctrlKey || event.metaKey ? ways.at(-1) : ways[0];
    if (way) go(way, first.to);
  };
  return (
    <Stack gap="xs">
      <TextInput
        data-autofocus
        aria-label={t("control.whom")}
        placeholder={t("control.whom")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={enter}
      />
      <Text size="xs" c="dimmed">
        <Kbd size="xs">↵</Kbd> {t(adding ? "control.enter_adds" : "control.enter_asks")}
        {!adding && (
          <>
            {" · "}
            <Kbd size="xs">Ctrl ↵</Kbd> {t("control.enter_transfers")}
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed" role="status">
        {choices.length === 0
          ? t("control.nobody")
          : typed.trim() === "" && !choices.some(({ kind }) => kind === "agent")
            ? t("control.no_colleague")
            : ""}
      </Text>
      <div className={classes.list}>
        <PlainList>
          {choices.map((choice) => (
            <li key={choice.key} className={classes.row}>
              <Who choice={choice} />
              <Group gap="xs">
                {waysFor(choice, adding).map((way, at) => (
                  <Button
                    key={way}
                    size="xs"
                    variant={at === 0 ? "filled" : "default"}
                    aria-label={t(`control.way_named.${way}`, { name: choice.name })}
                    onClick={() => go(way, choice.to)}
                  >
                    {t(`control.way.${way}`)}
                  </Button>
                ))}
              </Group>
            </li>
          ))}
        </PlainList>
      </div>
    </Stack>
  );
}

function Who({ choice }: { choice: Choice }) {
  const { t } = useTranslation();
  return (
    <div style={{ minWidth: 0, flex: "1 1 160px" }}>
      <Text size="sm" fw={500} truncate className="tabular">
        {choice.name}
      </Text>
      {choice.kind === "agent" ? (
        <AgentStateMark state={choice.state} size="xs" />
      ) : (
        <Text size="xs" c="dimmed" className="tabular">
          {choice.kind === "queue"
            ? t("control.queue_now", { waiting: choice.waiting, ready: choice.ready })
            : t(`control.kind.${choice.kind}`)}
        </Text>
      )}
    </div>
  );
}
