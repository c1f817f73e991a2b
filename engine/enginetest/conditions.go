package enginetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// HonestConditions are what people write, over codes that a shipment's event has.
func HonestConditions() []string {
	return []string{
		`BigCommerce.Order.total_inc_tax >= 50`,
		`BigCommerce.Order.status == "Shipped"`,
		`BigCommerce.Order.billing_address.country_iso2 in ["US", "CA"]`,
		`any(BigCommerce.Products, .quantity > 1)`,
		`has(BigCommerce.Customer.first_name)`,
		`lower(BigCommerce.Order.billing_address.email) endsWith "@example.com"`,
		`BigCommerce.Order.items_total * 2 - 1 > 3`,
		`sum(BigCommerce.Products, .quantity) % 2 == 0`,
		`BigCommerce.Order.date_created > date("2026-03-01") or is_empty(BigCommerce.Order.customer_message)`,
		`BigCommerce.Shipment.tracking_number matches "^1Z"`,
	}
}

// breakages make a condition that can never be compiled; @ is an honest one.
func breakages() []string {
	return []string{
		`(@`, `@)`, `@ and`, `and @`, `@ ==`, `@ and and true`, `@ = 1`, `@; true`, `let x = 1; @`, `@ "loose"`,
		`[@`, `@ ? true`, `"open and @`, "@ and \x01", `@ and $env.x`, `@ and __get(1)`, `@ and nobody(1)`, `@ and BigCommerce.Order.no_such_field == 1`, `@ and 2 ** 2 == 4`, `@ and 1..3 == nil`,
	}
}

// MalformedConditions are 200 texts that are no conditions.
func MalformedConditions() (all []string) {
	for _, broken := range breakages() {
		for _, honest := range HonestConditions() {
			all = append(all, strings.ReplaceAll(broken, "@", honest))
		}
	}
	return all
}

// MutatedConditions are n conditions after a slip of the hand or of a machine:
// parts cut out, doubled, swapped with others, strange characters put in.
// The same n and seed give the same texts.
func MutatedConditions(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // tests that repeat themselves, no secrets
	honest, malformed := HonestConditions(), MalformedConditions()
	all := make([]string, n)
	for i := range all {
		text := []rune(honest[r.IntN(len(honest))])
		for range 1 + r.IntN(3) {
			text = mutate(r, text, []rune(malformed[r.IntN(len(malformed))]))
		}
		all[i] = string(text)
	}
	return all
}

func mutate(r *rand.Rand, text, other []rune) []rune {
	strange := []string{"", "(", ")", "[", "]", "{", "}", `"`, "'", "`", "\\", "|", "#", ".", "?.", "..", "**", "??", "not ", "!", "-", "\n", "\u00a0", "\u202e", "\u200b", "é", "\U0001f600",
		" in ", " matches ", "9007199254740993", "1e400", "0x10", "nil", "all(", "map(", "reduce(", "{#", "/*", "//", "%", fmt.Sprint(r.Uint64())}
	from := r.IntN(len(text) + 1)
	to := min(len(text), from+r.IntN(8))
	join := func(parts ...[]rune) (whole []rune) {
		for _, p := range parts {
			whole = append(whole, p...)
		}
		return whole
	}
	switch r.IntN(5) {
	case 0:
		return join(text[:from], text[to:])
	case 1:
		return join(text[:to], text[from:])
	case 2:
		return join(text[:from], []rune(strange[r.IntN(len(strange))]), text[from:])
	case 3:
		return join(text[:from], other[min(from, len(other)):])
	default:
		return join(text[:from], []rune(strange[r.IntN(len(strange))]), text[to:])
	}
}
