import { useQuery } from "@tanstack/react-query";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useTitles } from "@/builder/titles";
import { JsonView } from "@/kit/json-view";

/** What a step was given, field by field under the labels of its form: texts as they read, the rest as JSON. */
export function TestInput({ type, input }: { type: string; input: unknown }) {
  const titles = useTitles();
  const { data: authentications } = useQuery(authenticationsQuery);
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return <JsonView value={input} label={type} />;
  }
  const shown = (name: string, value: unknown) =>
    name === "authentication_id" ? (authentications?.find((a) => a.id === value)?.name ?? value) : value;
  return (
    <dl className="grid min-w-0 gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(6rem,12rem)_1fr]">
      {Object.entries(input).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-sm text-muted sm:pt-0.5">{titles.label(type, name)}</dt>
          <dd className="min-w-0">
            {typeof value === "object" && value !== null ? (
              <JsonView value={value} label={titles.label(type, name)} />
            ) : (
              <span className="break-words whitespace-pre-wrap">{String(shown(name, value))}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
