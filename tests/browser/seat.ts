// An agent at a browser of their own: its microphone hears one tone, and it is known what the page plays.

import { type Browser, type BrowserContext, chromium, expect, type Locator, type Page } from "@playwright/test";
import { Api } from "./api.ts";
import { chromiumThatSays } from "./chromium.ts";
import { fillIn, type Hub, type Login } from "./hub.ts";
import { equip, tonesHeard } from "./instruments.ts";

/** What is said in a call: apart from one another and from their harmonics, all in the telephone's band. */
export const TONES = { customer: 500, ana: 800, ben: 1_100, carla: 1_700 } as const;
const ALL_TONES = Object.values(TONES);

/** How pages come to the hub where they do not come directly; a `Wire` is one. */
export interface Way {
  /** Where the console is by this way. */
  url: string;
  /** Leads the voice of every page of the context over it. */
  leadVoice: (context: BrowserContext) => Promise<void>;
  /** Switches of the browser itself, besides the usual ones. */
  switches?: string[];
}

export class Seat {
  name = "";
  userId = "";

  private constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    public page: Page,
    readonly hz: number,
    /** Apart from the page: it goes on where the page is cut off. */
    readonly api: Api,
  ) {}

  /** Signs in at the desk, and waits until this page is the phone that rings. */
  static async take(hub: Hub, login: Login, hz: number, way?: Way): Promise<Seat> {
    const url = way?.url ?? hub.url;
    const browser = await chromium.launch(chromiumThatSays(hz, way?.switches));
    const context = await browser.newContext({
      baseURL: url,
      locale: "en-GB",
      viewport: { width: 1440, height: 900 },
      // The demo's certificate is of its own making.
      ignoreHTTPSErrors: true,
    });
    await equip(context);
    await way?.leadVoice(context);
    const seat = new Seat(browser, context, await context.newPage(), hz, await Api.signIn(hub.url, login));
    await fillIn(seat.page, url, login);
    await seat.page.goto("/desk");
    const { agent } = await seat.mine();
    seat.name = agent.display_name;
    seat.userId = agent.id;
    await seat.reachable();
    return seat;
  }

  mine() {
    return this.api.get("/agent");
  }

  /** The browser itself is registered, whatever other phone the agent could fall back to. */
  async reachable(): Promise<void> {
    await expect
      .poll(async () => {
        const { phones } = await this.mine();
        return phones.find((phone: { kind: string }) => phone.kind === "browser")?.reachable;
      })
      .toBe(true);
  }

  async is(state: string): Promise<void> {
    await expect.poll(async () => (await this.mine()).agent.state, { timeout: 60_000 }).toBe(state);
  }

  async wants(state: "ready" | "not_ready" | "logged_out"): Promise<void> {
    const reason = state === "not_ready" ? { reason: "break" } : {};
    expect((await this.api.ask("PUT", "/agent/state", { state, ...reason })).status).toBe(200);
  }

  get call(): Locator {
    return this.page.getByRole("main").locator("section[aria-labelledby=current-call]");
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name }).first().click();
  }

  async answers(): Promise<string> {
    await this.call.getByRole("button", { name: "Answer" }).click({ timeout: 60_000 });
    await this.is("talking");
    return (await this.mine()).current.id;
  }

  /** Opens the dialog for whom the call goes on to, and presses what is offered for that person. */
  async sends(opener: "Transfer" | "Add somebody", who: string, button: string): Promise<void> {
    await this.call.getByRole("button", { name: opener, exact: true }).click();
    await this.page.getByRole("textbox", { name: /colleague, queue/ }).fill(who);
    await this.page.getByRole("button", { name: button }).click();
  }

  /** Waits until the page plays exactly these of all tones. */
  async hears(...tones: number[]): Promise<void> {
    const told = `${this.name}, who says ${this.hz} Hz, hears`;
    const wanted = ALL_TONES.filter((hz) => tones.includes(hz));
    await expect.poll(() => tonesHeard(this.page, ALL_TONES), { message: told, timeout: 60_000 }).toEqual(wanted);
  }

  async hangsUp(): Promise<void> {
    await this.call.getByRole("button", { name: "Hang up" }).click();
    await this.finishes();
  }

  async finishes(): Promise<void> {
    await this.is("wrap_up");
    expect((await this.api.ask("POST", "/agent/wrap-up/finish")).status).toBe(200);
  }

  async leave(): Promise<void> {
    await this.browser.close();
    await this.api.logOut();
  }
}
