import { createServer, type Server, type Socket } from "node:net";

/** A mail server that takes every mail and keeps it. */
export class MailSink {
  readonly mails: string[] = [];
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static start(): Promise<MailSink> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => sink.serve(socket)).once("error", reject);
      let sink: MailSink;
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        sink = new MailSink(server, address && typeof address === "object" ? address.port : 0);
        resolve(sink);
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket) {
    let rest = "";
    let mail: string[] | undefined; // the lines after DATA
    const say = (line: string) => socket.write(`${line}\r\n`);
    const take = (line: string) => {
      if (mail) {
        if (line === ".") {
          this.mails.push(mail.join("\n"));
          mail = undefined;
          say("250 taken");
        } else {
          mail.push(line.replace(/^\.\./, "."));
        }
      } else if (/^EHLO/i.test(line)) {
        say("250-sink.example.com");
        say("250 8BITMIME");
      } else if (/^DATA/i.test(line)) {
        mail = [];
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else {
        say("250 fine");
      }
    };
    socket.on("error", () => {}); // who hangs up early sends no mail
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString()).split("\r\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    });
    say("220 sink.example.com");
  }
}
