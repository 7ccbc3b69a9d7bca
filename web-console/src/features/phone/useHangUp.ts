import { asApiError, UNREACHABLE } from "@/api/problem";
import { useCallAction } from "@/features/agent/agent";
import { usePhone } from "./PhoneProvider";

/** Ends the call by the hub; by the phone itself when the hub does not hear us. */
export function useHangUp(): { hangUp: (call: string) => void; isPending: boolean } {
  const act = useCallAction();
  const handle = usePhone();
  return {
    isPending: act.isPending,
    hangUp: (call) =>
      act.mutate(
        { call, action: "hang-up" },
        {
          onError: (error) => {
            if (asApiError(error).code === UNREACHABLE) handle?.phone.feed({ kind: "hang_up" });
          },
        },
      ),
  };
}
