package merge_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cartwheel/merge"
)

func listOf(n int, v any) merge.Object {
	list := make([]any, n)
	for i := range list {
		list[i] = v
	}
	return merge.FromGo(map[string]any{"Webhook": map[string]any{"list": list}}).(merge.Object)
}

func TestRenderLimits(t *testing.T) {
	const loop = "{{#each Webhook | list}}{{ item }}{{/each}}"
	for _, c := range []struct {
		name, src string
		root      merge.Object
		want      error
	}{
		{"many short entries", loop, listOf(20_000, "a"), nil},
		{"too many entries", loop, listOf(50_001, ""), merge.ErrLimit},
		{"loops within loops", "{{#each Webhook | list}}{{#each Webhook | list}}x{{/each}}{{/each}}", listOf(1_000, "a"), merge.ErrLimit},
		{"output just within", loop, listOf(1, strings.Repeat("a", merge.MaxOutput)), nil},
		{"output too long", loop + "b", listOf(1, strings.Repeat("a", merge.MaxOutput)), merge.ErrLimit},
		{"long literal often", "{{#each Webhook | list}}" + strings.Repeat("x", 10_000) + "{{/each}}", listOf(200, ""), merge.ErrLimit},
		{"long values often", loop, listOf(400, strings.Repeat("a", 10_000)), merge.ErrLimit},
		{"a huge value that prints nothing", "{{ Webhook | list :: truncate 1 }}", listOf(400_000, "abcdef"), merge.ErrLimit},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, merge.PlaceText, scope(), language{})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			out, err := tmpl.Render(merge.Env{Root: c.root})
			if !errors.Is(err, c.want) {
				t.Errorf("Render gave %d bytes, %v, want %v", len(out), err, c.want)
			}
		})
	}
}

func TestTemplatesShareAMeter(t *testing.T) {
	tmpl, _ := merge.Parse("{{#each Webhook | list}}{{ item }}{{/each}}", merge.PlaceText, scope(), language{})
	env := merge.Env{Root: listOf(10_000, "a"), Meter: merge.NewMeter(time.Now)}
	var err error
	rounds := 0
	for ; err == nil && rounds < 10; rounds++ {
		_, err = tmpl.Render(env)
	}
	if !errors.Is(err, merge.ErrLimit) || rounds != 3 {
		t.Errorf("after %d renderings of 20,001 units: %v, want ErrLimit after 3", rounds, err)
	}
}

func TestSlowMachineIsNotTheTemplatesFault(t *testing.T) {
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(2 * time.Second); return now }
	tmpl, _ := merge.Parse("{{#each Webhook | list}}{{ item }}{{/each}}", merge.PlaceText, scope(), language{})
	_, err := tmpl.Render(merge.Env{Root: listOf(100, "a"), Meter: merge.NewMeter(clock)})
	if !errors.Is(err, merge.ErrSlow) {
		t.Errorf("Render = %v, want ErrSlow", err)
	}
}

func TestParseLimits(t *testing.T) {
	nested := func(n int) string {
		return strings.Repeat("{{#if true}}", n) + "x" + strings.Repeat("{{/if}}", n)
	}
	for _, c := range []struct {
		name, src string
		message   string
	}{
		{"eight blocks", nested(8), ""},
		{"nine blocks", nested(9), "More than 8 blocks"},
		{"longest source", strings.Repeat("x", merge.MaxSource), ""},
		{"source too long", strings.Repeat("x", merge.MaxSource+1), "longer than 64 KiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := merge.Parse(c.src, merge.PlaceText, scope(), language{})
			if c.message == "" && (tmpl == nil || len(problems) > 0) {
				t.Errorf("Parse = %v, %v", tmpl, problems)
			}
			if c.message != "" && (tmpl != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, c.message)) {
				t.Errorf("Parse = %v, %v, want …%s…", tmpl, problems, c.message)
			}
		})
	}
}

// Hostile sources must cost little: every one is as long as a template may be.
func TestHostileSourcesAreQuick(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, merge.MaxSource/len(s)) }
	for _, src := range []string{
		fill("{{"), fill("{{ a }}"), fill("{{ BigCommerce | Order | nope }}"), fill("{{#if true}}"), fill("{{#each Webhook}}"), fill("{{/if}}"),
		fill(`{{ "`), fill("{{= '"), fill("{{= {"), fill("{"), fill(`\{{`), fill("{{ Webhook | x }}\n"), fill(`<a href="{{ Webhook | x }}">`), fill("<"),
		fill(`"\`), "{{ " + fill("a | ")[:merge.MaxSource-8] + "b }}", "{{ Webhook | x" + fill(" :: upper")[:merge.MaxSource-20] + " }}", fill("[")[:1000],
	} {
		for _, place := range []merge.Place{merge.PlaceText, merge.PlaceHTML, merge.PlaceJSON} {
			start := time.Now()
			_, problems := merge.Parse(src, place, scope(), language{})
			if took := time.Since(start); took > 30*time.Second { // guards against hanging, on a busy machine under the race detector
				t.Errorf("Parse of %.20q… took %v", src, took)
			}
			if len(problems) > 100 {
				t.Errorf("Parse of %.20q… gave %d problems", src, len(problems))
			}
		}
	}
}

func TestRenderFromManyGoroutines(t *testing.T) {
	const src = `{{#each BigCommerce | Products}}{{ item | name :: title }}{{/each}} {{ BigCommerce | Order | date_created :: date "2 Jan 15:04" }}`
	tmpl, problems := merge.Parse(src, merge.PlaceHTML, scope(), language{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	root := event(t)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			own := root.Clone()
			own.Set("Own", fmt.Sprint(i))
			if out, err := tmpl.Render(merge.Env{Root: own}); err != nil || !strings.HasSuffix(out, "18 Sep 00:05") {
				t.Errorf("Render = %q, %v", out, err)
			}
		})
	}
	wait.Wait()
}
