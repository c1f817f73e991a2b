package web

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat is how bodies become values and values answers. The bytes have passed checkJSON.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		target, generic := v.(*any)
		if !generic {
			return json.Unmarshal(data, v)
		}
		// The form that huma checks against the schema. encoding/json alone would
		// fail for 1e400, somewhere in a payload where any number is fine.
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err := d.Decode(target); err != nil {
			return err
		}
		*target = plainNumbers(*target)
		return nil
	},
}

// plainNumbers replaces the numbers' texts by what a schema can be checked with.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := strconv.ParseFloat(v.String(), 64) // out of range gives an infinity, which is what comparing needs
		return f
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainNumbers(v[k])
		}
	}
	return v
}

// decodeExact is json.Unmarshal that keeps the text of numbers where any value may stand.
func decodeExact(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}
