import type { Branch, Definition } from "./definition";
import { setStep } from "./edit-steps";

/** Adds an arm at the end of a branch step, before its otherwise. */
export function addBranch(def: Definition, id: string, branch: Branch = {}): Definition {
  return setStep(def, id, (step) => {
    step.branches ??= [];
    step.branches.push({ name: "", condition: "", steps: [], ...branch });
  });
}

/** Takes an arm out, with its steps. */
export function removeBranch(def: Definition, id: string, index: number): Definition {
  return setStep(def, id, (step) => {
    step.branches?.splice(index, 1);
  });
}

/** Moves an arm; the first whose condition holds is taken, so the order counts. */
export function moveBranch(def: Definition, id: string, from: number, to: number): Definition {
  return setStep(def, id, (step) => {
    const count = step.branches?.length ?? 0;
    if (from === to || to < 0 || to >= count) {
      return;
    }
    const [moved] = step.branches?.splice(from, 1) ?? [];
    if (moved) {
      step.branches?.splice(to, 0, moved);
    }
  });
}

/** Changes an arm's name or condition. */
export function setBranch(def: Definition, id: string, index: number, change: Partial<Branch>): Definition {
  return setStep(def, id, (step) => {
    const branch = step.branches?.[index];
    if (branch) {
      Object.assign(branch, change);
    }
  });
}
