package merge

import (
	"fmt"
	"regexp"
	"time"
)

// foreignLayout finds the letters that other systems use in date layouts.
var foreignLayout = regexp.MustCompile(`(?:^|[^A-Za-z])(?:yyyy|YYYY|MMMM?|MM|dd|DD|HH|hh)(?:$|[^A-Za-z])|%[A-Za-z]`)

// withDate checks layout and zone of a date format.
func (f format) withDate(args []argument) (format, *mishap) {
	// Nothing in common, so that every element of a layout prints differently.
	one := time.Date(2011, 11, 13, 13, 14, 15, 161718192, time.FixedZone("ONE", 3600))
	two := time.Date(2032, 12, 24, 2, 27, 38, 495061728, time.FixedZone("TWO", 7200))
	if one.Format(f.text) == two.Format(f.text) || foreignLayout.MatchString(f.text) {
		return f, &mishap{at: args[0].at, message: "This is no date layout: write how Monday, 2 January 2006, 15:04:05 would read, " +
			`for example "2 Jan 2006", "02.01.2006 15:04" or "Monday, January 2".`}
	}
	if len(args) < 2 {
		return f, nil
	}
	zone, ok := loadZone(args[1].text)
	if !ok {
		return f, &mishap{at: args[1].at, message: fmt.Sprintf(
			`There is no time zone %q: write an IANA name such as "Europe/Berlin", "America/New_York" or "UTC".`, clip(args[1].text))}
	}
	f.zone = zone
	return f, nil
}

// loadZone finds an IANA zone. The machine's own ("Local") is none.
func loadZone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// date formats v in f's zone, else the store's, else UTC. A day without a time is no
// moment: it stays that day in every zone.
func (r *renderer) date(f *format, v any) string {
	t, ok := AsTime(v)
	if !ok {
		return Text(v)
	}
	if s, isText := v.(string); isText && len(s) == len(time.DateOnly) {
		return t.Format(f.text)
	}
	zone := f.zone
	if zone == nil {
		zone = r.storeZone()
	}
	return t.In(zone).Format(f.text)
}

// zoneName is a loaded zone, kept because loading one reads the zone database.
type zoneName struct {
	name string
	zone *time.Location
}

func (r *renderer) storeZone() *time.Location {
	if r.t.zone == nil {
		return time.UTC
	}
	name, _ := r.follow(r.t.zone).(string)
	if last := r.t.last.Load(); last != nil && last.name == name {
		return last.zone
	}
	zone, ok := loadZone(name)
	if !ok {
		zone = time.UTC
	}
	r.t.last.Store(&zoneName{name, zone})
	return zone
}
