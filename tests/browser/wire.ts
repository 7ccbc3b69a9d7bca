// The network between a browser and the hub, to be cut: one TCP port for the page and its websockets,
// for its voice one UDP port and one TCP port.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket as Stream } from "node:net";
import type { BrowserContext } from "@playwright/test";

async function listening(): Promise<Server> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export class Wire {
  #whole = true;
  #letsDatagramsThrough = true;
  readonly #streams = new Set<Stream>();
  readonly #voiceStreams = new Set<Stream>();
  /** The way of each sender's datagrams to the hub; a test has a handful. */
  readonly #ways = new Map<string, Socket>();
  #voiceAt = 0;

  private constructor(
    private readonly page: Server,
    private readonly voice: Socket,
    private readonly voiceByTcp: Server,
  ) {}

  static async to(hub: string): Promise<Wire> {
    const target = new URL(hub);
    const [page, voiceByTcp] = await Promise.all([listening(), listening()]);
    const voice = createSocket("udp4");
    voice.bind(0, "127.0.0.1");
    await once(voice, "listening");
    const wire = new Wire(page, voice, voiceByTcp);
    page.on("connection", (near: Stream) => wire.#carry(near, Number(target.port), wire.#streams));
    voiceByTcp.on("connection", (near: Stream) => wire.#carry(near, wire.#voiceAt, wire.#voiceStreams));
    voice.on("message", (bytes, from) => wire.#send(bytes, from));
    return wire;
  }

  /** Where the console is by this way. */
  get url(): string {
    return `http://127.0.0.1:${portOf(this.page)}`;
  }

  /** Leads the voice of every page of the context over this wire: the hub names one address. */
  async leadVoice(context: BrowserContext): Promise<void> {
    const ports = { udp: this.voice.address().port, tcp: portOf(this.voiceByTcp) };
    await context.exposeFunction("voiceLeadsTo", (hubs: number) => {
      this.#voiceAt = hubs;
      return ports;
    });
    await context.addInitScript(() => {
      // Its older form with callbacks is nobody's here.
      const set = RTCPeerConnection.prototype.setRemoteDescription as (
        described?: RTCSessionDescriptionInit,
      ) => Promise<void>;
      RTCPeerConnection.prototype.setRemoteDescription = async function (described?: RTCSessionDescriptionInit) {
        const candidate = /(a=candidate:\S+ \d+ (udp|tcp) \d+ \S+ )(\d+)/gi;
        const hubs = new RegExp(candidate).exec(described?.sdp ?? "")?.[3];
        if (!described?.sdp || !hubs) return set.call(this, described);
        const lead = (window as unknown as { voiceLeadsTo: (port: number) => Promise<{ udp: number; tcp: number }> })
          .voiceLeadsTo;
        const ours = await lead(Number(hubs));
        const sdp = described.sdp.replace(
          candidate,
          (_, before: string, protocol: "udp" | "tcp") => before + ours[protocol],
        );
        return set.call(this, { type: described.type, sdp });
      };
    });
  }

  /** Pulls the cable: connections break, new ones are refused, datagrams are lost. */
  cut(): void {
    this.#whole = false;
    for (const stream of this.#streams) stream.destroy();
    this.breakVoice();
  }

  /** The connections of the voice break; new ones come through. */
  breakVoice(): void {
    for (const stream of this.#voiceStreams) stream.destroy();
  }

  /** From now on a wall lets no datagram through. */
  wallOffDatagrams(): void {
    this.#letsDatagramsThrough = false;
  }

  mend(): void {
    this.#whole = true;
  }

  close(): void {
    this.cut();
    this.page.close();
    this.voice.close();
    this.voiceByTcp.close();
    for (const way of this.#ways.values()) way.close();
  }

  #carry(near: Stream, port: number, streams: Set<Stream>): void {
    if (!this.#whole) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      streams.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        streams.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  #send(bytes: Buffer, from: RemoteInfo): void {
    if (!this.#whole || !this.#letsDatagramsThrough || this.#voiceAt === 0) return;
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
