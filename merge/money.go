package merge

import (
	"math/big"
	"strings"
)

// minorUnits are the currencies of ISO 4217 that do not have two decimals.
// (CLDR, which golang.org/x/text follows, gives some others none by custom.)
var minorUnits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// symbols are the currency signs of English in CLDR that read unmistakably:
// CA$ is not the $ of the United States. The others are written as their code.
var symbols = map[string]string{
	"AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "HKD": "HK$",
	"ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱",
	"TWD": "NT$", "USD": "$", "VND": "₫",
}

// money writes an amount in English style. Without a currency it has two decimals and no sign.
func money(n *big.Rat, currency string) string {
	decimals, sign := 2, ""
	if currency != "" {
		if d, ok := minorUnits[currency]; ok {
			decimals = d
		}
		if sign = symbols[currency]; sign == "" {
			sign = currency + " "
		}
	}
	digits := fixed(n, decimals)
	digits, negative := strings.CutPrefix(digits, "-")
	if negative {
		sign = "-" + sign
	}
	return sign + group(digits)
}

// group puts commas between thousands.
func group(digits string) string {
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if hasFraction {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// currency is the ISO 4217 code of o's amount, "" if it is not known.
func (r *renderer) currency(o *operand) string {
	if o == nil || o.currency == nil {
		return ""
	}
	code, _ := r.follow(o.currency).(string)
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return code
}
