package cond

import (
	"encoding/json"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"cartwheel/merge"
)

// decimal is an exact number: coef / 10^scale, or rat when that does not hold it.
type decimal struct {
	coef  int64
	scale uint8 // at most 18
	rat   *big.Rat
}

const (
	maxScale  = 18
	maxDigits = 128      // of a number's text; what is longer is no number
	maxBits   = 16 << 10 // of numerator and denominator; more is too much work
)

var powers = func() (p [maxScale + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// parseDecimal reads a number as JSON writes it, also with leading zeros or a plus.
func parseDecimal(s string) (decimal, bool) {
	body, negative := s, false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		body, negative = s[1:], s[0] == '-'
	}
	var coef int64
	digits, point := 0, -1
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c >= '0' && c <= '9' && digits < maxScale:
			coef, digits = coef*10+int64(c-'0'), digits+1
		case c == '.' && point < 0:
			point = digits
		default:
			return parseBig(s)
		}
	}
	if digits == 0 || point == digits {
		return decimal{}, false
	}
	if negative {
		coef = -coef
	}
	scale := 0
	if point >= 0 {
		scale = digits - point
	}
	return decimal{coef: coef, scale: uint8(scale)}, true //nolint:gosec // at most maxScale
}

// parseBig is parseDecimal for long numbers and exponents.
func parseBig(s string) (decimal, bool) {
	if len(s) > maxDigits {
		return decimal{}, false
	}
	r, ok := merge.AsDecimal(json.Number(s), true) // knows the limits
	return decimal{rat: r}, ok
}

// shapedDecimal reads an untyped text as a number only if it can be nothing
// else: -?(0|[1-9]\d{0,14})(\.\d{1,10})?
func shapedDecimal(s string) (decimal, bool) {
	if len(s) > len("-123456789012345.1234567890") {
		return decimal{}, false
	}
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(whole) < 1 || len(whole) > 15 || whole[0] == '0' && len(whole) > 1 || !allDigits(whole) {
		return decimal{}, false
	}
	if point && (len(fraction) < 1 || len(fraction) > 10 || !allDigits(fraction)) {
		return decimal{}, false
	}
	return parseDecimal(s)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// lift returns coef * 10^by; ok is false when that overflows.
func lift(coef int64, by uint8) (int64, bool) {
	high, low := bits.Mul64(magnitude(coef), magnitude(powers[by]))
	if high != 0 || low > math.MaxInt64 {
		return 0, false
	}
	if coef < 0 {
		return -int64(low), true
	}
	return int64(low), true
}

// align brings a and b to one scale, if that can be done without big numbers.
func align(a, b decimal) (x, y int64, scale uint8, ok bool) {
	if a.rat != nil || b.rat != nil {
		return 0, 0, 0, false
	}
	if a.scale < b.scale {
		x, ok = lift(a.coef, b.scale-a.scale)
		return x, b.coef, b.scale, ok
	}
	y, ok = lift(b.coef, a.scale-b.scale)
	return a.coef, y, a.scale, ok
}

func (d decimal) big() *big.Rat {
	if d.rat != nil {
		return d.rat
	}
	return big.NewRat(d.coef, powers[d.scale])
}

// bits is the size of a big number, 0 for a small one.
func (d decimal) bits() int {
	if d.rat == nil {
		return 0
	}
	return d.rat.Num().BitLen() + d.rat.Denom().BitLen()
}

func (d decimal) cmp(e decimal) int {
	if x, y, _, ok := align(d, e); ok {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	return d.big().Cmp(e.big())
}

func (d decimal) sign() int { return d.cmp(decimal{}) }

func (d decimal) neg() decimal {
	if d.rat == nil && d.coef != math.MinInt64 {
		return decimal{coef: -d.coef, scale: d.scale}
	}
	return decimal{rat: new(big.Rat).Neg(d.big())}
}

func (d decimal) add(e decimal) decimal {
	if x, y, scale, ok := align(d, e); ok {
		if sum := x + y; (sum > x) == (y > 0) {
			return decimal{coef: sum, scale: scale}
		}
	}
	return decimal{rat: new(big.Rat).Add(d.big(), e.big())}
}

func (d decimal) mul(e decimal) decimal {
	if d.rat == nil && e.rat == nil && d.scale+e.scale <= maxScale {
		high, low := bits.Mul64(magnitude(d.coef), magnitude(e.coef))
		if high == 0 && low <= math.MaxInt64 {
			product := int64(low)
			if (d.coef < 0) != (e.coef < 0) {
				product = -product
			}
			return decimal{coef: product, scale: d.scale + e.scale}
		}
	}
	return decimal{rat: new(big.Rat).Mul(d.big(), e.big())}
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n) //nolint:gosec // two's complement
	}
	return uint64(n)
}

// quo divides; ok is false for a zero divisor.
func (d decimal) quo(e decimal) (decimal, bool) {
	if e.sign() == 0 {
		return decimal{}, false
	}
	return decimal{rat: new(big.Rat).Quo(d.big(), e.big())}, true
}

// rem is what is left of d after taking e as often as it goes, with d's sign.
func (d decimal) rem(e decimal) (decimal, bool) {
	if e.sign() == 0 {
		return decimal{}, false
	}
	if x, y, scale, ok := align(d, e); ok {
		return decimal{coef: x % y, scale: scale}, true
	}
	q := new(big.Rat).Quo(d.big(), e.big())
	whole := new(big.Rat).SetInt(new(big.Int).Quo(q.Num(), q.Denom()))
	return decimal{rat: q.Sub(d.big(), whole.Mul(whole, e.big()))}, true
}

// round keeps n digits after the point, half away from zero.
func (d decimal) round(n uint8) decimal {
	if d.rat == nil {
		if d.scale <= n {
			return d
		}
		p := powers[d.scale-n]
		q, r := d.coef/p, d.coef%p
		switch {
		case r >= p-r && r > 0:
			q++
		case -r >= p+r && r < 0:
			q--
		}
		return decimal{coef: q, scale: n}
	}
	rounded, ok := new(big.Rat).SetString(d.rat.FloatString(int(n))) // half away from zero, as documented
	if !ok {
		return d
	}
	return decimal{rat: rounded}
}

// integer is d if it is a whole number that an int holds.
func (d decimal) integer() (int, bool) {
	r := d.big()
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	n := r.Num().Int64()
	return int(n), int64(int(n)) == n
}

// String is d in plain digits without needless zeros: exact where the digits
// end within 20 places, else rounded to 16.
func (d decimal) String() string {
	if d.rat == nil && d.scale == 0 {
		return strconv.FormatInt(d.coef, 10)
	}
	r := d.big()
	places, exact := r.FloatPrec()
	if !exact || places > 20 {
		places = 16
	}
	s := r.FloatString(places)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
