import { useQuery } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import { basePath } from "@/boot";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { ErrorState } from "@/kit/state";

/** A message in a frame of its own: an address with its own policy, no script, no way out. */
export function MailFrame({ html, images, phone }: { html: string; images: boolean; phone: boolean }) {
  const { t } = useTranslation("codes");
  const { data, error, refetch } = useQuery({
    queryKey: ["mail-frame", html],
    queryFn: () => body(api.POST("/api/v1/previews", { body: { html } })),
    enabled: html.trim() !== "",
    placeholderData: (before) => before,
    staleTime: 8 * 60_000, // the address lives for ten minutes
    gcTime: 60_000,
  });
  if (error) {
    return <ErrorState error={error} title={t("mail.frameFailed")} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return null;
  }
  return (
    <iframe
      title={t("mail.frame")}
      sandbox=""
      referrerPolicy="no-referrer"
      src={`${basePath}${data.url}${images ? "?images=1" : ""}`}
      className={classes(
        "h-80 max-w-full resize-y rounded-md border border-line bg-white",
        phone ? "mx-auto w-[375px]" : "w-full",
      )}
    />
  );
}
