import { useCall } from "@/features/calls/calls";
import { Loadable } from "@/ui/Loadable";
import { NoteField } from "./NoteField";

/** Notes while talking: they are there again in wrap-up, and on the call for ever. */
export function CallNote({ callId }: { callId: string }) {
  const call = useCall(callId);
  return (
    <Loadable query={call}>
      {(data) => <NoteField key={callId} callId={callId} stored={data.note ?? ""} />}
    </Loadable>
  );
}
