/** The commands on a definition: pure functions, each gives a new definition that shares what did not change. */
export * from "./clipboard";
export * from "./definition";
export * from "./describe";
export * from "./difference";
export * from "./edit-branches";
export * from "./edit-steps";
export * from "./edit-workflow";
export * from "./find";
export * from "./ids";
export * from "./locations";
export * from "./references";
