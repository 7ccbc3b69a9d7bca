import type { MantineSize } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Quality } from "@/api/types";
import type { ShapeName } from "@/ui/Shape";
import { Toned } from "@/ui/Toned";
import type { Tone } from "@/ui/tones";

const LOOKS: Record<Quality, readonly [ShapeName, Tone]> = {
  good: ["disc", "good"],
  fair: ["half", "alert"],
  poor: ["cross", "away"],
};

/** How a line sounds, as a shape and a word. */
export function QualityWord({ quality, size }: { quality: Quality; size?: MantineSize }) {
  const { t } = useTranslation();
  const [shape, tone] = LOOKS[quality];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`quality.word.${quality}`)}
    </Toned>
  );
}
