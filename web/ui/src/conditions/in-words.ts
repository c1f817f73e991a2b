import { shortLabelOf } from "./names";

/** Words by their keys in the catalogue of conditions: "operator.eq". */
export type Say = (key: string) => string;

const token =
  /\s+|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["(?:[^"\\]|\\.)*"\])*)|(==|!=|>=|<=|&&|\|\||[<>!()[\],])/y;

const operators: Record<string, [yes: string, no: string]> = {
  "==": ["eq", "ne"],
  "!=": ["ne", "eq"],
  "<": ["lt", "ge"],
  "<=": ["le", "gt"],
  ">": ["gt", "le"],
  ">=": ["ge", "lt"],
  contains: ["contains", "not_contains"],
  startsWith: ["starts_with", "not_starts_with"],
  endsWith: ["ends_with", "not_ends_with"],
  matches: ["matches", "not_matches"],
  in: ["in", "not_in"],
};
// "not" before one of these does not say the same as its opposite when the value is missing.
const turnable = new Set(["contains", "startsWith", "endsWith", "matches", "in"]);
const tests: Record<string, [yes: string, no: string]> = {
  is_empty: ["empty", "not_empty"],
  has: ["present", "missing"],
};
const reserved = new Set([
  "and",
  "or",
  "not",
  "true",
  "false",
  "nil",
  ...Object.keys(operators),
  ...Object.keys(tests),
]);

class TooMuch extends Error {}

/**
 * A plain condition as a sentence, for summaries: comparisons joined by and, or and brackets. undefined: it says more than that,
 * and its own text says it best. What a condition means, the server alone decides.
 */
export function inWords(condition: string, say: Say): string | undefined {
  try {
    return new Reader(split(condition), say).all();
  } catch (error) {
    if (error instanceof TooMuch) {
      return undefined;
    }
    throw error;
  }
}

interface Token {
  kind: "text" | "number" | "name" | "sign";
  text: string;
}

function split(condition: string): Token[] {
  const out: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < condition.length) {
    const found = token.exec(condition);
    if (!found) {
      throw new TooMuch();
    }
    const [, text, number, name, sign] = found;
    if (text !== undefined) {
      out.push({ kind: "text", text });
    } else if (number !== undefined) {
      out.push({ kind: "number", text: number });
    } else if (name !== undefined) {
      out.push({ kind: "name", text: name });
    } else if (sign !== undefined) {
      out.push({ kind: "sign", text: sign });
    }
  }
  return out;
}

const joins: Record<string, string> = { and: "and", "&&": "and", or: "or", "||": "or" };

class Reader {
  private at = 0;

  constructor(
    private readonly tokens: Token[],
    private readonly say: Say,
  ) {}

  all(): string {
    const said = this.chain();
    if (this.at < this.tokens.length) {
      throw new TooMuch();
    }
    return said;
  }

  /** terms with one and the same word between them: "a and b or c" is read wrongly by people */
  private chain(): string {
    const parts = [this.term()];
    let join: string | undefined;
    for (let next = joins[this.peek()]; next; next = joins[this.peek()]) {
      if (join && join !== next) {
        throw new TooMuch();
      }
      join = next;
      this.at++;
      parts.push(this.term());
    }
    return join ? parts.join(` ${this.say(`words.${join}`)} `) : (parts[0] ?? "");
  }

  private term(): string {
    if (this.takes("(")) {
      const inner = this.chain();
      this.need(")");
      return `(${inner})`;
    }
    if (this.takes("not") || this.takes("!")) {
      const bracket = this.takes("(");
      const said = this.test(true);
      if (bracket) {
        this.need(")");
      }
      return said;
    }
    return this.test(false);
  }

  private test(not: boolean): string {
    const known = tests[this.peek()];
    if (known) {
      this.at++;
      this.need("(");
      const code = this.code();
      this.need(")");
      return `${code} ${this.operator(known[not ? 1 : 0])}`;
    }
    const code = this.code();
    const turned = this.takes("not") ? !not : not;
    const sign = this.next().text;
    const words = Object.hasOwn(operators, sign) ? operators[sign] : undefined;
    if (!words || (turned && !turnable.has(sign))) {
      throw new TooMuch();
    }
    return this.against(code, words[turned ? 1 : 0]);
  }

  private against(code: string, operator: string): string {
    const plain = operator === "eq" || operator === "ne" ? this.peek() : "";
    if (plain === "nil") {
      this.at++;
      return `${code} ${this.operator(operator === "eq" ? "missing" : "present")}`;
    }
    if (plain === "true" || plain === "false") {
      if (operator === "ne") {
        throw new TooMuch();
      }
      this.at++;
      return `${code} ${this.operator(`is_${plain}`)}`;
    }
    return `${code} ${this.operator(operator)} ${this.value()}`;
  }

  private value(): string {
    if (this.takes("[")) {
      const values: string[] = [];
      do {
        values.push(this.value());
      } while (this.takes(","));
      this.need("]");
      return values.join(", ");
    }
    const { kind, text } = this.next();
    if (kind === "text") {
      return `“${text.slice(1, -1).replace(/\\(.)/g, "$1")}”`;
    }
    if (kind === "number") {
      return text;
    }
    this.at--;
    return this.code();
  }

  private code(): string {
    const { kind, text } = this.next();
    if (kind !== "name" || reserved.has(text) || this.peek() === "(") {
      throw new TooMuch();
    }
    return shortLabelOf(text);
  }

  private operator(name: string): string {
    return this.say(`operator.${name}`);
  }

  private peek(): string {
    const token = this.tokens[this.at];
    return token && token.kind !== "text" ? token.text : "";
  }

  private next(): Token {
    const token = this.tokens[this.at++];
    if (!token) {
      throw new TooMuch();
    }
    return token;
  }

  private takes(text: string): boolean {
    const taken = this.peek() === text;
    this.at += taken ? 1 : 0;
    return taken;
  }

  private need(text: string): void {
    if (!this.takes(text)) {
      throw new TooMuch();
    }
  }
}
