package mongotest

import "testing"

// TestWithin holds that a database is put into any address, and that whoever
// signs in does so where he did before.
func TestWithin(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://h:1/?replicaSet=rs0":          "mongodb://h:1/x?replicaSet=rs0",
		"mongodb://a:1,b:2,[::1]:3":              "mongodb://a:1,b:2,[::1]:3/x",
		"mongodb://h/mine?w=majority":            "mongodb://h/x?w=majority",
		"mongodb://h?replicaSet=rs0":             "mongodb://h/x?replicaSet=rs0",
		"mongodb://u@h/":                         "mongodb://u@h/x?authSource=admin",
		"mongodb://u@h/mine?replicaSet=rs0":      "mongodb://u@h/x?replicaSet=rs0&authSource=mine",
		"mongodb://u@h/mine?authsource=accounts": "mongodb://u@h/x?authsource=accounts",
		"mongodb+srv://u@h.example/":             "mongodb+srv://u@h.example/x?authSource=admin",
	} {
		got := within(uri, "x")
		if got != want {
			t.Errorf("%s: %s, want %s", uri, got, want)
		}
		if name := nameIn(got); name != "x" {
			t.Errorf("%s names %q", got, name)
		}
	}
}
