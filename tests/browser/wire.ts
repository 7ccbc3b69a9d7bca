// The network between a browser and the hub, to be cut: one TCP port for the page and its websockets,
// one UDP port for its voice.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket as Stream } from "node:net";
import type { BrowserContext } from "@playwright/test";

export class Wire {
  #whole = true;
  readonly #streams = new Set<Stream>();
  /** The way of each sender's datagrams to the hub; a test has a handful. */
  readonly #ways = new Map<string, Socket>();
  #voiceAt = 0;

  private constructor(
    private readonly page: Server,
    private readonly voice: Socket,
  ) {}

  static async to(hub: string): Promise<Wire> {
    const target = new URL(hub);
    const page = createServer({ pauseOnConnect: true });
    page.listen(0, "127.0.0.1");
    await once(page, "listening");
    const voice = createSocket("udp4");
    voice.bind(0, "127.0.0.1");
    await once(voice, "listening");
    const wire = new Wire(page, voice);
    page.on("connection", (near: Stream) => wire.#carry(near, Number(target.port)));
    voice.on("message", (bytes, from) => wire.#send(bytes, from));
    return wire;
  }

  /** Where the console is by this way. */
  get url(): string {
    return `http://127.0.0.1:${(this.page.address() as AddressInfo).port}`;
  }

  /** Leads the voice of every page of the context over this wire: the hub names one address. */
  async leadVoice(context: BrowserContext): Promise<void> {
    const { port } = this.voice.address();
    await context.exposeFunction("voiceLeadsTo", (hubs: number) => {
      this.#voiceAt = hubs;
      return port;
    });
    await context.addInitScript(() => {
      // Its older form with callbacks is nobody's here.
      const set = RTCPeerConnection.prototype.setRemoteDescription as (
        described?: RTCSessionDescriptionInit,
      ) => Promise<void>;
      RTCPeerConnection.prototype.setRemoteDescription = async function (described?: RTCSessionDescriptionInit) {
        const candidate = /(a=candidate:\S+ \d+ udp \d+ \S+ )(\d+)/i;
        const hubs = candidate.exec(described?.sdp ?? "")?.[2];
        if (!described?.sdp || !hubs) return set.call(this, described);
        const ours = await (window as unknown as { voiceLeadsTo: (port: number) => Promise<number> }).voiceLeadsTo(
          Number(hubs),
        );
        return set.call(this, { type: described.type, sdp: described.sdp.replace(candidate, `$1${ours}`) });
      };
    });
  }

  /** Pulls the cable: connections break, new ones are refused, datagrams are lost. */
  cut(): void {
    this.#whole = false;
    for (const stream of this.#streams) stream.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  close(): void {
    this.cut();
    this.page.close();
    this.voice.close();
    for (const way of this.#ways.values()) way.close();
  }

  #carry(near: Stream, port: number): void {
    if (!this.#whole) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#streams.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#streams.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  #send(bytes: Buffer, from: RemoteInfo): void {
    if (!this.#whole || this.#voiceAt === 0) return;
    const sender = `${from.address}:${from.port}`;
    let way = this.#ways.get(sender);
    if (!way) {
      way = createSocket("udp4");
      way.on("message", (answer) => {
        if (this.#whole) this.voice.send(answer, from.port, from.address);
      });
      this.#ways.set(sender, way);
    }
    way.send(bytes, this.#voiceAt, "127.0.0.1");
  }
}
