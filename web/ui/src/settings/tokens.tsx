import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { tokensQuery } from "@/api/queries/tokens";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { QueryTable } from "@/kit/query-table";
import { EmptyState, ErrorState } from "@/kit/state";
import type { Column } from "@/kit/table";
import { Time } from "@/kit/time";
import { notify } from "@/kit/toast";
import { AdminOnly } from "./layout";
import { TokenDialog } from "./token-dialog";

/** The API tokens, for administrators. */
export function Tokens() {
  return (
    <AdminOnly>
      <TokenList />
    </AdminOnly>
  );
}

function TokenList() {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const tokens = useInfiniteQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Schema<"Token">>();
  const revoke = useMutation({
    mutationFn: (id: string) => body(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      notify(t("tokens.revoked"));
      setRevoking(undefined);
      void client.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  const columns: Column<Schema<"Token">>[] = [
    {
      id: "name",
      title: t("tokens.name"),
      width: "minmax(0,2fr)",
      cell: (k) => <span className="font-medium">{k.name}</span>,
    },
    { id: "role", title: t("users.role"), cell: (k) => t(`common:user.role.${k.role}`) },
    { id: "used", title: t("tokens.lastUse"), cell: (k) => <Time at={k.last_used_at} /> },
    { id: "expires", title: t("tokens.expires"), cell: (k) => <Time at={k.expires_at} /> },
    {
      id: "actions",
      title: t("common:action.actions"),
      width: "9rem",
      cell: (k) =>
        isOver(k) ? (
          <Badge>{k.revoked_at ? t("tokens.isRevoked") : t("tokens.isExpired")}</Badge>
        ) : (
          <Button
            small
            look="danger"
            onClick={() => setRevoking(k)}
            aria-label={t("tokens.revokeOf", { name: k.name })}
          >
            {t("tokens.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="max-w-prose text-muted">{t("tokens.text")}</p>
        <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setMaking(true)}>
          {t("tokens.add")}
        </Button>
      </div>
      <QueryTable
        label={t("nav.tokens")}
        query={tokens}
        columns={columns}
        rowKey={(k) => k.id}
        empty={<EmptyState title={t("tokens.empty")} />}
      />
      {making ? <TokenDialog onClose={() => setMaking(false)} /> : null}
      <ConfirmDialog
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t("tokens.revokeOf", { name: revoking?.name })}
        text={t("tokens.revokeText")}
        confirm={t("tokens.revoke")}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking.id)}
      >
        {revoke.error ? <ErrorState error={revoke.error} /> : null}
      </ConfirmDialog>
    </div>
  );
}

function isOver(token: Schema<"Token">): boolean {
  return token.revoked_at !== null || (token.expires_at !== null && Date.parse(token.expires_at) < Date.now());
}
