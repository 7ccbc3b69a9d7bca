import { Textarea } from "@mantine/core";
import { type Ref, useImperativeHandle } from "react";
import { useTranslation } from "react-i18next";
import { usePatchCall } from "@/features/calls/calls";
import { useDraft } from "./useDraft";

/** The note's longest text, as the hub takes it. */
const LONGEST_NOTE_CHARS = 4_000;

export interface NoteHandle {
  /** Saves what is typed now. */
  flush: () => Promise<void>;
}

interface Props {
  callId: string;
  stored: string;
  ref?: Ref<NoteHandle>;
}

/** The call's note; saves itself and says so. */
export function NoteField({ callId, stored, ref }: Props) {
  const { t } = useTranslation();
  const patch = usePatchCall();
  const draft = useDraft(stored, (note) => patch.mutateAsync({ id: callId, body: { note } }));
  useImperativeHandle(ref, () => ({ flush: draft.flush }), [draft.flush]);
  return (
    <Textarea
      label={t("wrap_up.note")}
      description={
        <span role="status" aria-live="polite">
          {t(`wrap_up.${draft.saved}`)}
        </span>
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
      autosize
      minRows={3}
      maxRows={10}
      maxLength={LONGEST_NOTE_CHARS}
      value={draft.text}
      onChange={(event) => draft.change(event.currentTarget.value)}
      onBlur={() => void draft.flush()}
    />
  );
}
