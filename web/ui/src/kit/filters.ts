import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

/** A text that is typed and reaches the address a moment later, so that not every letter asks the server. */
export function useTyped(value: string, send: (value: string) => void, wait = 300): [string, (value: string) => void] {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value; // the address changed by itself: back and forward
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) {
      return;
    }
    const timer = setTimeout(() => {
      sent.current = typed;
      latest.current(typed);
    }, wait);
    return () => clearTimeout(timer);
  }, [typed, wait]);
  return [typed, setTyped];
}

/** Changes the filters in the address of a list without a new entry in the browser's history. */
export function useFilters<F extends object>(): (change: Partial<F>) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: ".",
      search: ((before: object) => {
        const after = { ...before, ...change } as Record<string, unknown>;
        return Object.fromEntries(Object.entries(after).filter(([, v]) => v !== undefined && v !== ""));
      }) as never,
      replace: true,
    });
}
