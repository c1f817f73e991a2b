import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Schema } from "@/api/client";
import { pruned, type TypeOf } from "./complete";
import { fromQuery, type QueryGroup, toQuery } from "./query";
import { format, parseQuery } from "./requests";
import { emptyGroup, type Group } from "./tree";

type Problem = Schema<"Problem">;

/** Long enough to gather keystrokes, short enough that "saved" is not a lie. */
const pause = 150;

interface Drawn {
  query: QueryGroup;
  /** the text that the query was read out of, or written as */
  text: string;
  partial: boolean;
  comments: boolean;
}

interface Input {
  value: string;
  onChange: (value: string) => void;
  trigger: Schema<"TriggerRef">;
  typeOf: TypeOf;
}

/**
 * A condition's text as a tree that can be edited. The text is the truth: the tree follows it whenever somebody else changes
 * it (undo, the text tab, another person), and each edit of the tree is written back as text by the server.
 */
export function useCondition({ value, onChange, trigger, typeOf }: Input) {
  const [drawn, setDrawn] = useState<Drawn>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [failed, setFailed] = useState<unknown>();
  // What we wrote last: the store and our own state are not told in the same moment.
  const written = useRef<string | undefined>(undefined);
  const blank = value.trim() === "";
  const foreign = drawn === undefined || (value !== drawn.text && value !== written.current);
  const parsed = useQuery({ ...parseQuery(value, trigger), enabled: foreign && !blank });
  const latest = useRef({ value, onChange, trigger, typeOf });
  latest.current = { value, onChange, trigger, typeOf };
  const writing = useWriting();

  // The problems of a text have lines and columns; those of the same rows, written, have the row.
  const place = useCallback(async (rules: Group, signal: AbortSignal) => {
    const answer = await format(rules, latest.current.trigger, signal).catch(() => undefined);
    if (answer && !signal.aborted) {
      setProblems(answer.problems);
    }
  }, []);

  useEffect(() => {
    if (!foreign) {
      return;
    }
    writing.stop();
    const answer = blank ? { rules: emptyGroup(), visual: "full", comments: false, problems: [] } : parsed.data;
    if (answer) {
      written.current = value;
      setDrawn({
        query: toQuery(answer.rules),
        text: value,
        partial: answer.visual === "partial",
        comments: answer.comments,
      });
      setProblems(answer.problems);
      setFailed(undefined);
      if (answer.problems.length > 0) {
        void writing.start((signal) => place(answer.rules, signal), 0);
      }
    }
  }, [foreign, blank, parsed.data, value, writing, place]);

  const write = useCallback(async (query: QueryGroup, signal: AbortSignal) => {
    const tree = pruned(fromQuery(query), latest.current.typeOf);
    try {
      const answer =
        tree.rules.length === 0 ? { condition: "", problems: [] } : await format(tree, latest.current.trigger, signal);
      if (signal.aborted) {
        return;
      }
      setFailed(undefined);
      setProblems(answer.problems);
      const { condition } = answer;
      if (condition !== null) {
        written.current = condition;
        setDrawn((d) => d && { ...d, text: condition, comments: false });
        if (condition !== latest.current.value) {
          latest.current.onChange(condition);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        setFailed(error);
      }
    }
  }, []);

  const change = useCallback(
    (query: QueryGroup) => {
      setDrawn((d) => d && { ...d, query });
      writing.start((signal) => write(query, signal));
    },
    [write, writing],
  );

  const retry = useCallback(() => {
    if (drawn && !foreign) {
      change(drawn.query);
    } else {
      void parsed.refetch();
    }
  }, [drawn, foreign, change, parsed.refetch]);

  return {
    drawn,
    /** the tree shown is that of the text */
    settled: drawn !== undefined && drawn.text === value,
    loading: foreign && !blank && parsed.isPending,
    /** what is wrong with the rows */
    problems,
    /** the text could not be asked about */
    unread: foreign ? (parsed.error ?? undefined) : undefined,
    /** the last change could not be written */
    unwritten: failed,
    change,
    retry,
  };
}

/** Writes after a pause, the last one only. What waits when the form goes away is written at once: no edit is lost. */
function useWriting() {
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; run?: () => void; abort?: AbortController }>({});
  const [writing] = useState(() => ({
    start(job: (signal: AbortSignal) => void, after = pause) {
      this.stop();
      const abort = new AbortController();
      const run = () => {
        state.current.run = undefined;
        job(abort.signal);
      };
      state.current = { abort, run, timer: setTimeout(run, after) };
    },
    stop() {
      clearTimeout(state.current.timer);
      state.current.abort?.abort();
      state.current = {};
    },
  }));
  useEffect(
    () => () => {
      clearTimeout(state.current.timer);
      state.current.run?.();
    },
    [],
  );
  return writing;
}
