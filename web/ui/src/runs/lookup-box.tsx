import { Search } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { FieldError, inputClasses } from "@/kit/field";
import { type Lookup, readLookup, writeLookup } from "./lookup";

/** One box for an e-mail address, an order, a cart or a customer. */
export function LookupBox({ value, onChange }: { value: Lookup; onChange: (lookup: Lookup) => void }) {
  const { t } = useTranslation("runs");
  const id = useId();
  const now = writeLookup(value);
  const [typed, setTyped] = useState(now);
  const [wrong, setWrong] = useState(false);
  useEffect(() => setTyped(now), [now]);
  function submit(event: FormEvent) {
    event.preventDefault();
    const found = readLookup(typed);
    setWrong(found === undefined);
    if (found) {
      onChange({ email: found.email, entity: found.entity });
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm">
        {t("lookup.label")}
      </label>
      <span className="flex gap-1">
        <input
          id={id}
          type="search"
          className={`${inputClasses} sm:w-72`}
          value={typed}
          maxLength={320}
          placeholder={t("lookup.example")}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? `${id}-error` : undefined}
          onChange={(e) => {
            setTyped(e.target.value);
            if (e.target.value === "") {
              onChange({ email: undefined, entity: undefined });
            }
          }}
        />
        <Button type="submit" icon={<Search aria-hidden className="size-4" />}>
          {t("lookup.find")}
        </Button>
      </span>
      {wrong ? <FieldError id={`${id}-error`}>{t("lookup.wrong")}</FieldError> : null}
    </form>
  );
}
