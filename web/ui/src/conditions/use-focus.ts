import { useEffect, useRef } from "react";

/** Puts the focus here when the row is new. A closing dialog gives it back to its opener first, so this comes a moment later. */
export function useFocus<E extends HTMLElement>(wanted: boolean) {
  const element = useRef<E>(null);
  useEffect(() => {
    if (!wanted) {
      return;
    }
    const timer = setTimeout(() => element.current?.focus(), 20);
    return () => clearTimeout(timer);
  }, [wanted]);
  return element;
}
