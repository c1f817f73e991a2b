package merge

// Field is one merge code with its value.
type Field struct {
	Code  Code
	Value any
}

// Flatten lists everything in o under its merge code, in wire order. Objects
// become segments; lists are leaves under their own name, and so are null and
// empty objects: a code never disappears because its value is empty.
func Flatten(o Object) []Field {
	return flatten(make([]Field, 0, 2*o.Len()), "", o)
}

func flatten(fields []Field, above Code, o Object) []Field {
	for key, v := range o.All() {
		code := above.Child(key)
		if child, ok := v.(Object); ok && child.Len() > 0 {
			fields = flatten(fields, code, child)
		} else {
			fields = append(fields, Field{code, v})
		}
	}
	return fields
}
