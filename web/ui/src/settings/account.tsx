import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, body } from "@/api/client";
import { Problem } from "@/api/problem";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { SecretField } from "@/kit/field";
import { Section } from "@/kit/page";
import { ErrorState } from "@/kit/state";
import { notify } from "@/kit/toast";

/** Who one is, and one's password. */
export function Account() {
  const { t } = useTranslation("settings");
  const session = useSession();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Section title={t("account.title")}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
          <dt className="text-muted">{t("account.name")}</dt>
          <dd className="break-words">{session.name}</dd>
          <dt className="text-muted">{t("account.role")}</dt>
          <dd>{t(`common:user.role.${session.role}`)}</dd>
          <dt className="text-muted">{t("account.can")}</dt>
          <dd>{t(`account.roleText.${session.role}`)}</dd>
        </dl>
      </Section>
      <Section title={t("password.title")}>
        {session.kind === "user" ? <PasswordForm /> : <p>{t("password.token")}</p>}
      </Section>
    </div>
  );
}

function PasswordForm() {
  const { t } = useTranslation("settings");
  const session = useSession();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [differs, setDiffers] = useState(false);
  const change = useMutation({
    mutationFn: () => body(api.POST("/api/v1/session/password", { body: { current, new: next } })),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setAgain("");
      notify(t("password.changed"));
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    setDiffers(next !== again);
    if (next === again) {
      change.mutate();
    }
  }
  const at = (field: string) =>
    change.error instanceof Problem
      ? change.error
          .at(`body.${field}`)
          .map((e) => e.message)
          .join(" ") || undefined
      : undefined;
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-3" noValidate>
      <input type="text" name="username" autoComplete="username" value={session.email ?? ""} readOnly hidden />
      <SecretField
        label={t("password.current")}
        autoComplete="current-password"
        value={current}
        error={at("current")}
        onChange={(e) => setCurrent(e.target.value)}
        required
      />
      <SecretField
        label={t("password.new")}
        help={t("password.help")}
        autoComplete="new-password"
        value={next}
        error={at("new")}
        onChange={(e) => setNext(e.target.value)}
        required
      />
      <SecretField
        label={t("password.again")}
        autoComplete="new-password"
        value={again}
        error={differs ? t("password.differs") : undefined}
        onChange={(e) => setAgain(e.target.value)}
        required
      />
      {change.error && !at("current") && !at("new") ? (
        <ErrorState error={change.error} title={t("password.failed")} />
      ) : null}
      <div>
        <Button type="submit" look="primary" busy={change.isPending}>
          {t("password.submit")}
        </Button>
      </div>
    </form>
  );
}
