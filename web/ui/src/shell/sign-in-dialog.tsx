import { type FormEvent, useState, useSyncExternalStore } from "react";
import { api, body } from "@/api/client";
import { queryClient } from "@/api/query-client";
import { sessionQuery, useSession } from "@/api/session";
import { expired } from "@/api/sign-in-again";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { FieldError, TextField } from "@/kit/field";
import { messageOf } from "@/kit/state";

/** Asks to sign in again when the session has ended in the middle of something, and then goes on. */
export function SignInDialog() {
  const { asked, done } = useSyncExternalStore(expired.subscribe, expired.getState);
  const session = useSession();
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      await body(
        api.POST("/api/v1/session", {
          body: { email: String(form.get("email")), password: String(form.get("password")) },
        }),
      );
      done();
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog open={asked} onClose={() => {}} dismissable={false} title={t("session.title")} text={t("session.text")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label={t("session.email")}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={session.email ?? ""}
          required
        />
        <TextField
          label={t("session.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {error ? <FieldError>{messageOf(error)}</FieldError> : null}
        <Button type="submit" look="primary" busy={busy}>
          {t("session.submit")}
        </Button>
      </form>
    </Dialog>
  );
}
