package merge

// Scope is what a template or an expression may name: a catalogue and loop variables.
type Scope struct {
	Catalog Catalog
	// Locals are loop variables by name with the entries of their members (nil: anything goes).
	Locals map[string]Local
}

// Local is a loop variable.
type Local struct {
	Entry Entry // its type, and Items when it is an object
	// List is the code of the list it runs over.
	List Code
}
