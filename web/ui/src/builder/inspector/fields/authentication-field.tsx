import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { authenticationTypesQuery } from "@/api/queries/authentication-types";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { SelectField } from "@/kit/field";
import { Menu, MenuItem } from "@/kit/menu";
import { ErrorState, Skeleton } from "@/kit/state";

const MakeAuthentication = lazy(() => import("@/authentications/new").then((m) => ({ default: m.MakeAuthentication })));

interface AuthenticationFieldProps {
  label: string;
  help?: ReactNode;
  error?: string;
  required?: boolean;
  value: string;
  /** the kinds that fit */
  types: readonly string[];
  location: string;
  readOnly: boolean;
  onChange: (id: string) => void;
}

/** Chooses an authentication that fits. Who may make one makes it here; who may not reads who can. */
export function AuthenticationField(props: AuthenticationFieldProps) {
  const { label, help, error, required, value, types, location, readOnly, onChange } = props;
  const { t } = useTranslation("inspector");
  const may = useMay("integration_manager");
  const list = useQuery(authenticationsQuery);
  const kinds = useQuery(authenticationTypesQuery).data ?? [];
  const title = (type: string) => kinds.find((k) => k.type === type)?.title ?? type;
  const [making, setMaking] = useState<string | undefined>();
  const fitting = (list.data ?? []).filter((a) => types.includes(a.type));
  const known = value === "" || fitting.some((a) => a.id === value);
  const options = [
    ...(required ? [] : [{ value: "", label: t("auth.none") }]),
    ...fitting.map((a) => ({ value: a.id, label: types.length > 1 ? `${a.name} (${title(a.type)})` : a.name })),
    ...(known ? [] : [{ value, label: list.isPending ? value : t("auth.unknown", { id: value }) }]),
  ];
  if (list.isError) {
    return <ErrorState error={list.error} title={label} onRetry={() => void list.refetch()} />;
  }
  const names = types.map(title).join(", ");
  return (
    <div data-location={location} className="flex min-w-0 flex-col gap-1">
      <SelectField
        label={label}
        help={help}
        error={error}
        required={required}
        placeholder={required ? (list.isPending ? t("auth.loading") : t("auth.choose")) : undefined}
        options={options}
        value={value}
        disabled={readOnly}
        onChange={(e) => onChange(e.target.value)}
      />
      {list.data && fitting.length === 0 ? (
        <p className="text-sm text-muted">
          {may ? t("auth.makeFirst", { types: names }) : t("auth.who", { types: names })}
        </p>
      ) : null}
      {may && !readOnly && list.data ? <Add types={types} title={title} onAdd={setMaking} /> : null}
      <Dialog
        open={making !== undefined}
        onClose={() => setMaking(undefined)}
        size="medium"
        title={t("auth.make", { type: title(making ?? types[0] ?? "") })}
      >
        {making ? (
          <Suspense fallback={<Skeleton />}>
            <MakeAuthentication
              type={making}
              onMade={(id) => {
                onChange(id);
                setMaking(undefined);
              }}
            />
          </Suspense>
        ) : null}
      </Dialog>
    </div>
  );
}

function Add({
  types,
  title,
  onAdd,
}: {
  types: readonly string[];
  title: (type: string) => string;
  onAdd: (type: string) => void;
}) {
  const { t } = useTranslation("inspector");
  const icon = <Plus aria-hidden className="size-4" />;
  const [only] = types;
  if (types.length === 1 && only) {
    return (
      <Button small look="quiet" className="self-start" icon={icon} onClick={() => onAdd(only)}>
        {t("auth.make", { type: title(only) })}
      </Button>
    );
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button small look="quiet" className="self-start" icon={icon}>
          {t("auth.makeOne")}
        </Button>
      }
    >
      {types.map((type) => (
        <MenuItem key={type} onSelect={() => onAdd(type)}>
          {title(type)}
        </MenuItem>
      ))}
    </Menu>
  );
}
