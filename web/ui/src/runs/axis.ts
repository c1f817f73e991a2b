/** A span of time, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** A piece of the axis: work, or a long time in which nothing was done, which is folded. */
export interface Piece extends Span {
  idle: boolean;
  /** where it stands on the axis, in parts of its whole length */
  start: number;
  width: number;
}

/** The axis of a run: where a moment stands between 0 and 1, with idle times folded. */
export interface Axis {
  pieces: Piece[];
  at(moment: number): number;
}

const foldOver = 5000; // ms of nothing
const foldedShare = 0.06; // of the axis

/** Lays out the times in which something was done; what lies between them for long is folded. */
export function layOut(spans: Span[], begin: number, end: number): Axis {
  const pieces = split(merge(spans, begin, end));
  const busy = pieces.filter((p) => !p.idle);
  const folded = Math.min(foldedShare, 0.5 / Math.max(1, pieces.length - busy.length));
  const room = 1 - folded * (pieces.length - busy.length);
  const length = busy.reduce((sum, p) => sum + Math.max(1, p.to - p.from), 0);
  let start = 0;
  for (const piece of pieces) {
    piece.start = start;
    piece.width = piece.idle ? folded : (room * Math.max(1, piece.to - piece.from)) / length;
    start += piece.width;
  }
  return {
    pieces,
    at(moment) {
      const piece = pieces.find((p) => moment <= p.to) ?? pieces[pieces.length - 1];
      if (!piece) {
        return 0;
      }
      const share = (moment - piece.from) / Math.max(1, piece.to - piece.from);
      return piece.start + piece.width * Math.min(1, Math.max(0, share));
    },
  };
}

/** Joins what overlaps or lies close together. */
function merge(spans: Span[], begin: number, end: number): Span[] {
  const sorted = [...spans, { from: begin, to: begin }, { from: end, to: end }].sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined[joined.length - 1];
    if (last && span.from - last.to <= foldOver) {
      last.to = Math.max(last.to, span.to);
    } else {
      joined.push({ ...span });
    }
  }
  return joined;
}

/** Puts the idle times between the busy ones. */
function split(busy: Span[]): Piece[] {
  return busy.flatMap((span, i): Piece[] => {
    const piece = { ...span, idle: false, start: 0, width: 0 };
    const before = busy[i - 1];
    return before ? [{ from: before.to, to: span.from, idle: true, start: 0, width: 0 }, piece] : [piece];
  });
}
