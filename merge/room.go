package merge

import "unicode/utf8"

// Room is memory for decoding that is used again: for large texts it is more than the stack of a goroutine should grow
// for that mostly waits. The zero Room is ready. One goroutine uses it at a time.
type Room struct{ open open }

// A room has place for so many members that are not closed yet from the start, and keeps no more when a text has had more.
const (
	roomFrom = 96
	roomMost = 1024
)

// DecodeText is the function DecodeText in this room. Nothing of the text stays in it.
func (r *Room) DecodeText(text string) (any, error) {
	if r.open.keys == nil {
		r.open = open{make([]string, 0, roomFrom), make([]any, 0, roomFrom)}
	}
	if !utf8.ValidString(text) {
		text = validUTF8(text)
	}
	d := decoder{s: text}
	v, used, bad := d.document(r.open)
	r.open = used.emptied()
	return v, bad.in(text)
}

// emptied is o without members, neither those that it has nor those that it had.
func (o open) emptied() open {
	if cap(o.keys) > roomMost || cap(o.values) > roomMost {
		return open{}
	}
	clear(o.keys[:cap(o.keys)])
	clear(o.values[:cap(o.values)])
	return open{o.keys[:0], o.values[:0]}
}
