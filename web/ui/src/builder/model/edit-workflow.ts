import type { Schema } from "@/api/client";
import type { Definition } from "./definition";

/** Changes what starts the workflow. Another type takes the config of the old one away: its members mean nothing there. */
export function setTrigger(def: Definition, change: Partial<Schema<"TriggerRef">>): Definition {
  const other = change.type !== undefined && change.type !== def.trigger.type;
  return { ...def, trigger: { ...def.trigger, ...(other ? { config: {} } : {}), ...change } };
}

/** Sets a member of the trigger's config; undefined takes it out. */
export function setTriggerField(def: Definition, name: string, value: unknown): Definition {
  const config = { ...def.trigger.config, [name]: value };
  if (value === undefined) {
    delete config[name];
  }
  return { ...def, trigger: { ...def.trigger, config } };
}

/** Sets the condition; empty: always. */
export function setCondition(def: Definition, condition: string): Definition {
  return { ...def, condition };
}

/** Sets for what a second event makes no second run. */
export function setOncePer(def: Definition, once_per: string): Definition {
  return { ...def, once_per };
}

/** Sets the workflow's name. */
export function setName(def: Definition, name: string): Definition {
  return { ...def, name };
}

/** The part of a workflow or version that a person edits. */
export function definitionOf(of: Definition): Definition {
  const { name, trigger, once_per, condition, steps } = of;
  return { name, trigger, once_per, condition, steps };
}
