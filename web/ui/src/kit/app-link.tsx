import { useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";
import { basePath } from "@/boot";

/** A link to a place of the app that the server names, such as "/runs?status=failed". */
export function AppLink({ to, onClick, ...rest }: Omit<ComponentProps<"a">, "href"> & { to: string }) {
  const { history } = useRouter();
  const href = `${basePath}${to}`;
  function go(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && !event.defaultPrevented) {
      event.preventDefault();
      history.push(href);
    }
  }
  return <a href={href} onClick={go} {...rest} />;
}
