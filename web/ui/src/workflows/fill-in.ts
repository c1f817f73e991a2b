import type { Schema } from "@/api/client";

type Start = Pick<Schema<"WorkflowInput">, "trigger" | "once_per" | "condition" | "steps">;

const mailers = ["smtp"];

/**
 * Gives a ready-made workflow the authentications there are: the chosen store, and where a step sends mail the only mail server.
 * Where there are none or several, the place stays empty and the builder lists it as a problem.
 */
export function fillIn(
  template: Schema<"TemplateWorkflow">,
  authentications: Pick<Schema<"Authentication">, "id" | "type">[],
  store: string,
): Start {
  const senders = authentications.filter((a) => mailers.includes(a.type));
  const sender = senders.length === 1 ? (senders[0]?.id ?? "") : "";
  return {
    trigger: { ...template.trigger, ...(store ? { authentication_id: store } : {}) },
    once_per: template.once_per,
    condition: template.condition,
    steps: template.steps.map((step) => withSender(step, sender)),
  };
}

function withSender(step: Schema<"Step">, sender: string): Schema<"Step"> {
  const filled = { ...step };
  if (step.config && step.config.authentication_id === "" && step.type?.startsWith("send_")) {
    filled.config = { ...step.config, authentication_id: sender };
  }
  if (step.branches) {
    filled.branches = step.branches.map((b) => ({ ...b, steps: b.steps?.map((s) => withSender(s, sender)) }));
  }
  if (step.otherwise) {
    filled.otherwise = step.otherwise.map((s) => withSender(s, sender));
  }
  return filled;
}
