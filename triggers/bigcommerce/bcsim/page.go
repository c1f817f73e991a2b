package bcsim

import (
	"fmt"
	"net/http"
	"strconv"
)

const (
	pageSize    = 50
	pageMaximum = 250
)

// pagination is meta.pagination of V3; its links are query strings.
type pagination struct {
	Total       int `json:"total"`
	Count       int `json:"count"`
	PerPage     int `json:"per_page"`
	CurrentPage int `json:"current_page"`
	TotalPages  int `json:"total_pages"`
	Links       struct {
		Previous string `json:"previous,omitempty"`
		Current  string `json:"current"`
		Next     string `json:"next,omitempty"`
	} `json:"links"`
}

// window reads page and limit. A limit above the maximum counts as the maximum.
func (c *call) window() (page, limit int, ok bool) {
	page, limit = 1, pageSize
	for name, value := range map[string]*int{"page": &page, "limit": &limit} {
		text := c.query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1_000_000 {
			return 0, 0, false
		}
		*value = n
	}
	return page, min(limit, pageMaximum), true
}

// cut returns the rows of one page.
func cut[T any](rows []T, page, limit int) []T {
	from := min((page-1)*limit, len(rows))
	return rows[from:min(from+limit, len(rows))]
}

// page answers a V3 list with one page of rows that are JSON already.
func (c *call) page(rows [][]byte) reply {
	page, limit, valid := c.window()
	if !valid {
		return unprocessable(problem{"page", "page and limit must be positive numbers"})
	}
	part := cut(rows, page, limit)
	return ok(listV3(part, encode(obj{{"pagination", paginate(len(rows), len(part), page, limit)}})))
}

func listV3(rows [][]byte, meta []byte) []byte {
	list := joined(rows)
	out := make([]byte, 0, len(list)+len(meta)+20)
	out = append(append(out, `{"data":`...), list...)
	out = append(append(out, `,"meta":`...), meta...)
	return append(out, '}')
}

func paginate(total, count, page, limit int) pagination {
	p := pagination{Total: total, Count: count, PerPage: limit, CurrentPage: page, TotalPages: (total + limit - 1) / limit}
	p.Links.Current = pageLink(page, limit)
	if page > 1 {
		p.Links.Previous = pageLink(page-1, limit)
	}
	if page < p.TotalPages {
		p.Links.Next = pageLink(page+1, limit)
	}
	return p
}

func pageLink(page, limit int) string { return fmt.Sprintf("?page=%d&limit=%d", page, limit) }

// pageV2 answers a V2 list: a bare array, or 204 without a body when it is empty.
func (c *call) pageV2(rows [][]byte) reply {
	page, limit, valid := c.window()
	if !valid {
		return v2Invalid("page and limit must be positive numbers")
	}
	part := cut(rows, page, limit)
	if len(part) == 0 {
		return noContent()
	}
	return ok(joined(part))
}

// data answers one V3 object.
func data(value any) reply { return ok(encode(obj{{"data", value}, {"meta", noMeta}})) }

func v3NotFound() reply { return v3Error(http.StatusNotFound, "The requested resource was not found.") }
