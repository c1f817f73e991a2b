package bcsim

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// money is an amount in ten-thousandths of the currency's unit, the precision of V2.
type money int64

const unit money = 10_000

// padded is the usual V2 form, "30.0000".
func (m money) padded() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%04d", sign, m/unit, m%unit)
}

// short is the form that some V2 amounts have, "8" or "46.3".
func (m money) short() string {
	return strings.TrimSuffix(strings.TrimRight(m.padded(), "0"), ".")
}

// number is the V3 form.
func (m money) number() json.Number { return json.Number(m.short()) }

// round rounds to whole steps, half away from zero.
func (m money) round(step money) money {
	half := step / 2
	if m < 0 {
		half = -half
	}
	return (m + half) / step * step
}

// percent takes hundredths of a percent of m.
func (m money) percent(basisPoints int) money { return m * money(basisPoints) / 10_000 }

func parseMoney(text string) (money, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e12 {
		return 0, fmt.Errorf("%q is not an amount such as 12.5", text)
	}
	return money(math.Round(f * float64(unit))), nil
}

// currency is one of the store's currencies.
type currency struct {
	id     int
	code   string
	symbol string
	rate   int64 // ten-thousandths per US dollar
	step   money // smallest amount charged
}

var currencies = []currency{
	{1, "USD", "$", 10_000, unit / 100},
	{2, "EUR", "€", 9_215, unit / 100},
	{3, "GBP", "£", 7_842, unit / 100},
	{4, "JPY", "¥", 1_485_300, unit},
}

func currencyOf(code string) currency {
	for _, c := range currencies {
		if c.code == code {
			return c
		}
	}
	return currencies[0]
}

// convert turns dollars into the currency.
func (c currency) convert(dollars money) money {
	return (dollars * money(c.rate) / 10_000).round(c.step)
}

// rateText is the exchange rate with the ten places of V2.
func (c currency) rateText() string {
	return fmt.Sprintf("%d.%04d000000", c.rate/10_000, c.rate%10_000)
}
