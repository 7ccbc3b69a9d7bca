import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
  Menu,
  NumberInput,
  Paper,
  PasswordInput,
  SegmentedControl,
  Select,
  Table,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";
import type { Density } from "@/api/types";

/** The enamel of a switchboard: deep green-blue, 7 on white is 6.3:1. */
const petrol: MantineColorsTuple = [
  "#eef5f5",
  "#d8e8e9",
  "#b0d0d4",
  "#86b8bf",
  "#67a5ae",
  "#4b929d",
  "#337e8a",
  "#236a75",
  "#1a545d",
  "#123f47",
];

/** Its brass. Never carries meaning by itself: the mark, the cord, the focus of a ringing call. */
const brass: MantineColorsTuple = [
  "#fdf6e6",
  "#f8e9c6",
  "#f1d494",
  "#e9be60",
  "#e0a93f",
  "#c98f24",
  "#a97414",
  "#865a0c",
  "#654308",
  "#473005",
];

/** Warm neutrals: less glare than blue-greys over eight hours. 6 on 0 is 5.4:1. */
const gray: MantineColorsTuple = [
  "#faf9f6",
  "#f3f1ec",
  "#e8e5dd",
  "#dad6cb",
  "#c3beb1",
  "#98927f",
  "#676255",
  "#504c42",
  "#36332c",
  "#211f1b",
];

/** Ink for the dark scheme. 2 on 7 is 7:1. */
const dark: MantineColorsTuple = [
  "#e3e9ea",
  "#c3cdcf",
  "#9fadb0",
  "#74858a",
  "#43545a",
  "#324247",
  "#233034",
  "#1a2428",
  "#141c1f",
  "#0e1416",
];

const FONT =
  '"IBM Plex Sans Variable", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** The console's look at one density: compact fits about a third more rows on a screen. */
export function themeFor(density: Density): MantineThemeOverride {
  const compact = density === "compact";
  const size = compact ? "xs" : "sm";
  return createTheme({
    primaryColor: "petrol",
    primaryShade: { light: 7, dark: 6 },
    autoContrast: true,
    colors: { petrol, brass, gray, dark },
    black: "#211f1b",
    fontFamily: FONT,
    headings: { fontFamily: FONT, fontWeight: "600" },
    defaultRadius: "sm",
    cursorType: "pointer",
    respectReducedMotion: true,
    focusRing: "auto",
    spacing: compact
      ? { xs: "0.4rem", sm: "0.55rem", md: "0.75rem", lg: "1rem", xl: "1.5rem" }
      : { xs: "0.6rem", sm: "0.75rem", md: "1rem", lg: "1.25rem", xl: "2rem" },
    components: {
      Button: Button.extend({ defaultProps: { size } }),
      ActionIcon: ActionIcon.extend({
        defaultProps: { variant: "subtle", size: compact ? 28 : 34 },
      }),
      TextInput: TextInput.extend({ defaultProps: { size } }),
      PasswordInput: PasswordInput.extend({ defaultProps: { size } }),
      NumberInput: NumberInput.extend({ defaultProps: { size } }),
      Textarea: Textarea.extend({ defaultProps: { size } }),
      Select: Select.extend({ defaultProps: { size, comboboxProps: { shadow: "md" } } }),
      SegmentedControl: SegmentedControl.extend({ defaultProps: { size } }),
      Badge: Badge.extend({ defaultProps: { tt: "none", fw: 500 } }),
      Table: Table.extend({ defaultProps: { verticalSpacing: compact ? 5 : 9, fz: size } }),
      Paper: Paper.extend({
        defaultProps: { withBorder: true, radius: "md" },
        styles: { root: { backgroundColor: "var(--surface)" } },
      }),
      Tooltip: Tooltip.extend({
        defaultProps: { openDelay: 400, events: { hover: true, focus: true, touch: false } },
      }),
      Menu: Menu.extend({ defaultProps: { shadow: "md", position: "bottom-end" } }),
    },
  });
}

/**
 * Colours by meaning, one name for both schemes. Each is always beside a word or a shape; as text
 * on the surface each is at least 4.5:1.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#faf9f6",
    "--surface": "#ffffff",
    "--surface-sunk": "#f3f1ec",
    "--line": "#dad6cb",
    "--mantine-color-default-border": "#cdc8bb",
    "--mantine-color-dimmed": "#625d50",
    "--mantine-color-placeholder": "#756f61",
    "--mantine-color-error": "#b3261e",
    "--tone-good": "#1d6b3e",
    "--tone-busy": "#1f5fae",
    "--tone-alert": "#96500a",
    "--tone-after": "#6d3fa8",
    "--tone-away": "#a33327",
    "--tone-off": "#625d50",
    "--cord": "#c98f24",
  },
  dark: {
    "--mantine-color-body": "#141c1f",
    "--mantine-color-petrol-light": "rgba(103, 165, 174, 0.16)",
    "--mantine-color-petrol-light-hover": "rgba(103, 165, 174, 0.24)",
    "--mantine-color-petrol-light-color": "#b0d0d4",
    "--surface": "#1a2428",
    "--surface-sunk": "#233034",
    "--line": "#324247",
    "--mantine-color-default-border": "#43545a",
    "--mantine-color-dimmed": "#a3b1b4",
    "--mantine-color-placeholder": "#8d9b9f",
    "--mantine-color-error": "#ff9a8d",
    "--tone-good": "#6fce97",
    "--tone-busy": "#86b8f5",
    "--tone-alert": "#f0b257",
    "--tone-after": "#c5a3f2",
    "--tone-away": "#f39c8d",
    "--tone-off": "#a3b1b4",
    "--cord": "#e0a93f",
  },
});
