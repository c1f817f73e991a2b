import { useMutation } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import { api, body } from "@/api/client";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { ErrorState } from "@/kit/state";
import { Checks } from "./checks";

/** Checks whether a store on the internet can reach this Cartwheel, and says what to do when not. */
export function PublicURLCheck() {
  const { t } = useTranslation("authentications");
  const { public_url: url } = useSession();
  const check = useMutation({ mutationFn: () => body(api.POST("/api/v1/setup/public-url")) });
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-muted">{t("publicURL.text", { url })}</p>
      <div>
        <Button busy={check.isPending} icon={<Globe aria-hidden className="size-4" />} onClick={() => check.mutate()}>
          {t("publicURL.button")}
        </Button>
      </div>
      {check.error ? <ErrorState error={check.error} /> : null}
      {check.data ? <Checks checks={check.data.checks} /> : null}
    </div>
  );
}
