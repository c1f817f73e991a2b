// Package merge turns the data of an event into text.
//
// It is pure: no I/O, no clock, no knowledge of workflows. An event's data is a
// tree of values (see [Decode]). A [Code] names one value in it, both as the label
// that people type in templates ("BigCommerce | Order | id") and as the path
// that stands in conditions ("BigCommerce.Order.id"). A [Catalog] lists the codes
// that a trigger can supply, with their types. [Parse] compiles a template
// against a [Scope] once; [Template.Render] then fills it in many times.
//
// Expressions inside templates ({{#if ...}} and {{= ...}}) are not understood
// here: they are handed to a [Language], which engine/cond implements with Expr.
package merge
