/** What a colour means; the values are in `app/theme.ts`, one for each scheme. */
export type Tone = "good" | "busy" | "alert" | "after" | "away" | "off";
