import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button, IconButton } from "./button";
import { classes } from "./classes";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** one or two sentences below the title */
  text?: ReactNode;
  /** the buttons at its end */
  footer?: ReactNode;
  size?: "small" | "medium" | "large";
  /** false: neither Escape nor a click beside it closes it */
  dismissable?: boolean;
  /** answers no when what was done in it has put the focus elsewhere: then it does not come back on closing */
  returnFocus?: () => boolean;
  children?: ReactNode;
}

const widths = { small: "max-w-md", medium: "max-w-2xl", large: "max-w-6xl" };

/** A dialog. Focus goes in, stays in, and comes back to what opened it. */
export function Dialog({
  open,
  onClose,
  title,
  text,
  footer,
  size = "small",
  dismissable = true,
  returnFocus,
  children,
}: DialogProps) {
  const { t } = useTranslation();
  const opener = useOpener(open);
  const keep = (event: Event) => {
    if (!dismissable) {
      event.preventDefault();
    }
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && dismissable && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Radix.Content
          onEscapeKeyDown={keep}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (returnFocus?.() ?? true) {
              opener.current?.focus();
            }
          }}
          onPointerDownOutside={keep}
          {...(text ? {} : { "aria-describedby": undefined })}
          className={classes(
            "fixed start-1/2 top-1/2 z-50 flex max-h-[92dvh] w-[calc(100vw-1.5rem)] -translate-1/2 flex-col rounded-lg border border-line bg-surface shadow-raised rtl:translate-x-1/2",
            widths[size],
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-4 py-3">
            <div className="grow">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {text ? <Radix.Description className="mt-1 text-muted">{text}</Radix.Description> : null}
            </div>
            {dismissable ? (
              <IconButton label={t("action.close")} onClick={onClose}>
                <X aria-hidden className="size-4" />
              </IconButton>
            ) : null}
          </header>
          {children ? (
            <div
              className="min-h-0 grow overflow-auto px-4 py-3"
              tabIndex={0}
              role="group"
              aria-label={typeof title === "string" ? title : undefined}
            >
              {children}
            </div>
          ) : null}
          {footer ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

// What had the focus when the dialog opened; for a line of a menu, which is gone by then, the button of that menu.
function useOpener(open: boolean) {
  const opener = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (open) {
      const focused = document.activeElement as HTMLElement | null;
      const menu = focused?.closest("[role=menu]")?.getAttribute("aria-labelledby");
      opener.current = menu ? document.getElementById(menu) : focused;
    }
  }, [open]);
  return opener;
}

interface ConfirmProps {
  open: boolean;
  title: string;
  text: ReactNode;
  /** what the button says: the deed itself, such as "Delete" */
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  open,
  title,
  text,
  confirm,
  danger,
  busy,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      text={text}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
