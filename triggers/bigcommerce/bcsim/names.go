package bcsim

import (
	"fmt"
	"strings"
)

// place is a region of shoppers: names, addresses, currency and tax.
type place struct {
	country, iso, locale, currency string
	taxBasisPoints                 int
	taxIncluded                    bool // shop prices include the tax
	zone                           string
	first, last                    []string // "written/ascii", the second part for e-mail addresses
	cities                         []city
	streets                        []string // %d is the house number
}

type city struct{ name, state, zip string }

// places holds common given names and surnames, freely combined; none of them means a real person.
var places = []place{
	{"United States", "US", "en", "USD", 800, false, "Upper Midwest",
		[]string{"Rowan/rowan", "Lena/lena", "Seán/sean", "Mary Jo/maryjo", "Xavier/xavier", "Q/q"},
		[]string{"O'Brien/obrien", "Ashby/ashby", "St. Claire/stclaire", "Nguyễn/nguyen", "Smith-Jones/smithjones", "Z/z"},
		[]city{{"Duluth", "Minnesota", "55802"}, {"Astoria", "Oregon", "97103"}, {"Coeur d'Alene", "Idaho", "83814"}},
		[]string{"%d Orchard Lane", "%d Quay Street", "%d Martin Luther King Jr. Blvd."}},
	{"Germany", "DE", "de", "EUR", 1900, true, "Europe",
		[]string{"Jürgen/juergen", "Zoë/zoe", "Anne-Marie/annemarie", "Björn/bjoern"},
		[]string{"Groß/gross", "Müller-Lüdenscheidt/mueller", "von der Höhe/vonderhoehe", "Öztürk/oeztuerk"},
		[]city{{"Köln", "Nordrhein-Westfalen", "50667"}, {"Görlitz", "Sachsen", "02826"}},
		[]string{"Hauptstraße %d", "Am Mühlenweg %d"}},
	{"France", "FR", "fr", "EUR", 2000, true, "Europe",
		[]string{"Chloé/chloe", "François/francois", "Maëlle/maelle"},
		[]string{"d'Arçon/darcon", "L'Hôpital/lhopital", "Lefèvre/lefevre"},
		[]city{{"Orléans", "Centre-Val de Loire", "45000"}, {"Besançon", "", "25000"}}, []string{"%d rue de l'Église", "%d bis, allée des Chênes"}},
	{"United Kingdom", "GB", "en", "GBP", 2000, true, "Europe",
		[]string{"Siân/sian", "Niamh/niamh", "Alasdair/alasdair"}, []string{"ap Rhys/aprhys", "MacLeod/macleod", "Featherstonehaugh/feather"},
		[]city{{"Bath", "Somerset", "BA1 1AA"}, {"Ynysddu", "Caerphilly", "NP11 7AA"}}, []string{"%d Quarry Road", "Flat 2, %d The Crescent"}},
	{"Poland", "PL", "pl", "EUR", 2300, true, "Europe",
		[]string{"Łukasz/lukasz", "Żaneta/zaneta"}, []string{"Wójcik/wojcik", "Święcicka/swiecicka"},
		[]city{{"Łódź", "łódzkie", "90-001"}}, []string{"ul. Piękna %d"}},
	{"Iceland", "IS", "is", "EUR", 2400, true, "Europe",
		[]string{"Þóra/thora", "Ægir/aegir"}, []string{"Þórðardóttir/thordardottir", "Guðmundsson/gudmundsson"},
		[]city{{"Reykjavík", "", "101"}}, []string{"Laufásvegur %d"}},
	{"Greece", "GR", "el", "EUR", 2400, true, "Europe",
		[]string{"Ελένη/eleni", "Νίκος/nikos"}, []string{"Παπαδοπούλου/papadopoulou", "Ιωάννου/ioannou"},
		[]city{{"Θεσσαλονίκη", "Μακεδονία", "546 24"}}, []string{"Οδός Αθηνάς %d"}},
	{"Bulgaria", "BG", "bg", "EUR", 2000, true, "Europe",
		[]string{"Мария/mariya", "Щерьо/shteryo"}, []string{"Стоянова/stoyanova", "Кръстев/krastev"},
		[]city{{"Пловдив", "", "4000"}}, []string{"ул. Иван Вазов %d"}},
	{"Israel", "IL", "he", "USD", 1800, true, "World",
		[]string{"נועה/noa", "יונתן/yonatan"}, []string{"לוי/levi", "בן־דוד/bendavid"},
		[]city{{"חיפה", "", "3100000"}}, []string{"רחוב הרצל %d"}},
	{"United Arab Emirates", "AE", "ar", "USD", 500, true, "World",
		[]string{"فاطمة/fatima", "محمد/mohammed"}, []string{"الهاشمي/alhashimi", "عبد الله/abdullah"},
		[]city{{"دبي", "", "00000"}}, []string{"شارع الشيخ زايد %d"}},
	{"India", "IN", "hi", "USD", 1800, true, "World",
		[]string{"प्रिया/priya", "अर्जुन/arjun"}, []string{"शर्मा/sharma", "त्रिवेदी/trivedi"},
		[]city{{"जयपुर", "राजस्थान", "302001"}}, []string{"एम.जी. रोड %d"}},
	{"Thailand", "TH", "th", "USD", 700, true, "World",
		[]string{"สมชาย/somchai", "ปิยะดา/piyada"}, []string{"ศรีสุวรรณ/srisuwan", "วงศ์ไทย/wongthai"},
		[]city{{"เชียงใหม่", "", "50000"}}, []string{"%d ถนนนิมมานเหมินท์"}},
	{"Japan", "JP", "ja", "JPY", 1000, true, "World",
		[]string{"さくら/sakura", "健太/kenta", "ユウコ/yuko"}, []string{"佐藤/sato", "髙橋/takahashi"},
		[]city{{"京都市", "京都府", "600-8001"}}, []string{"下京区四条通%d"}},
	{"Taiwan", "TW", "zh-TW", "USD", 500, true, "World",
		[]string{"怡君/yijun", "志明/zhiming"}, []string{"陳/chen", "歐陽/ouyang"},
		[]city{{"臺北市", "", "100"}}, []string{"中正區忠孝西路一段%d號"}},
	{"South Korea", "KR", "ko", "USD", 1000, true, "World",
		[]string{"서연/seoyeon", "민준/minjun"}, []string{"김/kim", "남궁/namgung"},
		[]city{{"부산광역시", "", "48058"}}, []string{"해운대로 %d"}},
}

// person is a made-up shopper.
type person struct {
	place                  *place
	first, last            string
	company, street1, more string
	city                   city
	phone, email, ip, ip6  string
}

// oddNames stand for what trips mail merges; they take the first places of the customer list.
var oddNames = [][2]string{
	{"Ø", "B"}, {"Tomás", ""}, {"", "Sørensen"}, {"Jean-Luc Émile", "de la Fontaine-Saint-Étienne"}, {"Null", "Null"},
	{"Zoë 🌱", "O’Hara"}, {"Bartholomew", strings.Repeat("Wolfeschlegelstein", 4) + "hausenbergerdorff"},
	{"Test;DROP", `"Quote" & <Sons>`}, {"  Ada ", "Space  Between"}, {"عمر ibn", "Mixed-كريم"},
}

// newPerson makes a shopper; id keeps the e-mail address unique.
func (r *rng) newPerson(id int) person {
	pl := &places[0]
	if !r.chance(35) {
		pl = &places[r.below(len(places))]
	}
	first, handle, _ := strings.Cut(pick(r, pl.first), "/")
	last, tail, _ := strings.Cut(pick(r, pl.last), "/")
	p := person{place: pl, first: first, last: last, city: pick(r, pl.cities)}
	p.street1 = fmt.Sprintf(pick(r, pl.streets), 1+r.below(180))
	if r.chance(20) {
		p.more = fmt.Sprintf("Unit %d", 1+r.below(40))
	}
	if r.chance(15) {
		p.company = last + pick(r, []string{" Gardens", " & Sons", " GmbH", " Landscape Ltd."})
	}
	if r.chance(70) {
		p.phone = fmt.Sprintf("%03d-555-01%02d", 201+r.below(700), r.below(100))
	}
	p.email = fmt.Sprintf("%s.%s%d@%s", handle, tail, id, pick(r, []string{"example.com", "example.net", "example.org"}))
	p.ip = fmt.Sprintf("%s.%d", pick(r, []string{"192.0.2", "198.51.100", "203.0.113"}), 1+r.below(254))
	if r.chance(20) {
		p.ip6 = fmt.Sprintf("2001:db8::%x", 1+r.below(60000))
	}
	return p
}

func (p *person) billing(fields []formField) billingAddress {
	return billingAddress{
		FirstName: p.first, LastName: p.last, Company: p.company, Street1: p.street1, Street2: p.more, City: p.city.name,
		State: p.city.state, Zip: p.city.zip, Country: p.place.country, CountryISO2: p.place.iso, Phone: p.phone,
		Email: p.email, FormFields: &fields,
	}
}
