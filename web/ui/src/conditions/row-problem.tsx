import { FieldError } from "@/kit/field";
import { namesIn } from "./diagnostics";
import { NameButton } from "./name-button";
import { codeAt } from "./names";
import type { Problem } from "./requests";
import { useScope } from "./scope";
import type { Leaf } from "./tree";

/** What is wrong with a row; a merge code that does not exist can be exchanged for one that the server proposes. */
export function RowProblem({
  node,
  problem,
  onChange,
}: {
  node: Leaf;
  problem: Problem;
  onChange: (node: Leaf) => void;
}) {
  const { names } = useScope();
  const proposed = node.kind === "raw" || codeAt(names, node.code) ? [] : namesIn(problem);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <FieldError>{problem.message}</FieldError>
      {proposed.map((name) => (
        <NameButton key={name} name={name} onTake={() => node.kind !== "raw" && onChange({ ...node, code: name })} />
      ))}
    </div>
  );
}
