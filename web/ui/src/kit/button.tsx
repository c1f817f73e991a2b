import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";

export type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent border-transparent hover:bg-accent-strong",
  plain: "bg-surface text-text border-line-strong hover:bg-sunken",
  quiet: "bg-transparent text-text border-transparent hover:bg-sunken",
  danger: "bg-surface text-bad border-bad hover:bg-bad-soft",
};

/** The classes of a button, for links that look like one. */
export function buttonClasses(look: Look = "plain", small = false): string {
  return classes(
    "inline-flex items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap no-underline select-none",
    "disabled:opacity-60 aria-disabled:opacity-60",
    small ? "min-h-7 px-2 text-sm" : "min-h-9 px-3",
    looks[look],
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  small?: boolean;
  /** something is under way: the button cannot be pressed twice */
  busy?: boolean;
  icon?: ReactNode;
}

/** A button. It never submits a form unless type says so. */
export function Button({
  look,
  small,
  busy,
  icon,
  className,
  children,
  disabled,
  type = "button",
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classes(buttonClasses(look, small), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      onClick={type === "submit" ? once(onClick) : onClick}
      {...rest}
    >
      {busy ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  );
}

// The second click of a double click comes before the form knows that it is busy.
function once(onClick: ButtonProps["onClick"]): ButtonProps["onClick"] {
  return (event) => {
    if (event.detail > 1) {
      event.preventDefault();
    } else {
      onClick?.(event);
    }
  };
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** what it does, for the tooltip and for who cannot see the icon */
  label: string;
  children: ReactNode;
  look?: Look;
}

/** A button that shows only an icon. */
export function IconButton({ label, children, look = "quiet", className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        "inline-flex size-8 items-center justify-center rounded-md border disabled:opacity-50",
        looks[look],
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
