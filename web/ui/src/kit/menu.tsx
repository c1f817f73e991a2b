import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "./classes";

/** A menu that opens from a button (its trigger: one element that takes a ref and props). */
export function Menu({
  trigger,
  children,
  align = "end",
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          className="z-50 max-w-[calc(100vw-1rem)] min-w-48 rounded-md border border-line bg-surface p-1 text-text shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemClasses =
  "flex min-h-8 w-full items-center gap-2 rounded px-2 py-1 text-start outline-none data-highlighted:bg-accent-soft data-disabled:text-muted data-disabled:opacity-70";

/** A line of a menu. */
export function MenuItem({
  onSelect,
  disabled,
  danger,
  icon,
  children,
}: {
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Radix.Item className={classes(itemClasses, danger && "text-bad")} disabled={disabled} onSelect={onSelect}>
      {icon}
      {children}
    </Radix.Item>
  );
}

/** A line of a menu that leads somewhere; its child is the link. */
export function MenuLink({ children }: { children: ReactNode }) {
  return (
    <Radix.Item asChild className={itemClasses}>
      {children}
    </Radix.Item>
  );
}

/** A line that says what the next ones are about. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-sm text-muted">{children}</Radix.Label>;
}

/** One of a few, ticked. */
export function MenuChoice({
  value,
  onChange,
  options,
}: {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string }[];
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {options.map((o) => (
        <Radix.RadioItem key={o.value} value={o.value} className={itemClasses} onSelect={(e) => e.preventDefault()}>
          <span aria-hidden className="inline-block w-4 text-center">
            {o.value === value ? "•" : ""}
          </span>
          {o.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

/** A line between groups. */
export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
