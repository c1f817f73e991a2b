import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Stethoscope } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { Button } from "@/kit/button";
import { TextField } from "@/kit/field";
import { ErrorState } from "@/kit/state";
import { Time } from "@/kit/time";
import { Checks } from "./checks";

/** Tests an authentication now and shows each check; a mail server can send a real mail. */
export function TestSection({
  authentication: a,
  testNow = false,
}: {
  authentication: Schema<"Authentication">;
  testNow?: boolean;
}) {
  const { t } = useTranslation("authentications");
  const session = useSession();
  const client = useQueryClient();
  const [mailTo, setMailTo] = useState(session.email ?? "");
  const test = useMutation({
    mutationFn: (to: string) =>
      body(
        api.POST("/api/v1/authentications/{id}/test", {
          params: { path: { id: a.id } },
          body: to ? { mail_to: to } : {},
        }),
      ),
    onSuccess: (result) => {
      announce(result.ok ? t("test.ok") : t("test.bad"));
      void client.invalidateQueries({ queryKey: ["authentications"] });
      void client.invalidateQueries({ queryKey: ["authentication", a.id] });
      void client.invalidateQueries({ queryKey: ["setup"] });
    },
  });
  const { mutate } = test;
  const begun = useRef(false);
  useEffect(() => {
    if (testNow && !begun.current) {
      begun.current = true; // one that was just made is tested once
      mutate("");
    }
  }, [testNow, mutate]);
  return (
    <div className="flex flex-col gap-3">
      {a.tested?.at ? (
        <p className="text-sm text-muted">
          {t("test.last")} <Time at={a.tested.at} />
        </p>
      ) : null}
      <div className="flex flex-wrap items-end gap-2">
        <Button
          look="primary"
          busy={test.isPending}
          icon={<Stethoscope aria-hidden className="size-4" />}
          onClick={() => test.mutate("")}
        >
          {t("test.button")}
        </Button>
      </div>
      {a.type === "smtp" ? (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(e) => {
            e.preventDefault();
            test.mutate(mailTo);
          }}
        >
          <TextField
            label={t("test.mailTo")}
            type="email"
            autoComplete="email"
            required
            value={mailTo}
            onChange={(e) => setMailTo(e.target.value)}
          />
          <Button type="submit" busy={test.isPending}>
            {t("test.mail")}
          </Button>
        </form>
      ) : null}
      {test.error ? <ErrorState error={test.error} title={t("test.failed")} /> : null}
      {test.data ? <Checks checks={test.data.checks} /> : null}
    </div>
  );
}
