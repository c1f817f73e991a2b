import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./places";

/** A program that was started; what it prints is kept until somebody waits for it. */
export class Running {
  private printed = "";
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  private tell: () => void = () => {};

  constructor(args: string[]) {
    this.process = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const end = () => this.process.kill("SIGTERM");
    process.once("exit", end); // a run of the tests that is broken off leaves nobody behind
    this.ended = new Promise((resolve) => {
      this.process.once("close", () => {
        process.off("exit", end);
        resolve();
        this.tell();
      });
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (text) => {
        this.printed += text;
        this.tell();
      });
    }
  }

  /** Waits until the program has printed what fits. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.printed);
      if (found) {
        return found;
      }
      if (this.process.exitCode !== null) {
        throw new Error(`it ended with ${this.process.exitCode} before it printed ${pattern}:\n${this.printed}`);
      }
      await new Promise<void>((resolve) => {
        this.tell = resolve;
      });
    }
  }

  /** Ends it, as an administrator would, and waits until it has. */
  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
  }
}

/** A port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** An installation of one's own: "cartwheel serve" with an empty folder. It can be stopped and started again. */
export class Installation {
  private running: Running | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async make(): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), "cartwheel-e2e-")), await freePort());
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits until it answers. */
  async start() {
    const addr = `127.0.0.1:${this.port}`;
    const args = [
      "serve",
      "--addr",
      addr,
      "--data",
      this.folder,
      "--allow-private",
      "127.0.0.0/8",
      "--durability",
      "normal",
    ];
    this.running = new Running(args);
    await this.running.prints(/is ready at/);
  }

  /** The link that it prints while it has no owner. */
  async link(): Promise<string> {
    const found = await this.running?.prints(/http:\S+\/first-run\?key=\S+/);
    return found?.[0] ?? "";
  }

  async stop() {
    await this.running?.stop();
    this.running = undefined;
  }

  async remove() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The simulated store: its API, and its control API that causes events. */
export class Sim {
  private constructor(
    private readonly running: Running,
    readonly url: string,
    readonly hash: string,
    readonly token: string,
    readonly secret: string,
  ) {}

  static async start(): Promise<Sim> {
    const running = new Running(["sim", "--addr", `127.0.0.1:${await freePort()}`, "--any-destination", "--sign"]);
    const [, url = "", hash = "", token = "", secret = ""] = await running.prints(
      /api_base_url (\S+) +store_hash (\S+) +access_token (\S+) +client_secret (\S+)/,
    );
    return new Sim(running, url, hash, token, secret);
  }

  /** Makes something happen at the store, such as "order" or "status?order=1&status=6". */
  async cause(act: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.url}/sim/${act}`, { method: "POST" });
    if (!answer.ok) {
      throw new Error(`${act}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as Record<string, unknown>;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }
}
