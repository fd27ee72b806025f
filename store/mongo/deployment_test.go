package mongo

import (
	"errors"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// TestConcerns: an address that would let acknowledged writes get lost is
// refused.
func TestConcerns(t *testing.T) {
	for address, refused := range map[string]string{
		"mongodb://h/?w=0":                    "w=0",
		"mongodb://h/?w=1":                    "w=1",
		"mongodb://h/?w=1&journal=true":       "w=1",
		"mongodb://h/?journal=false":          "journal=false",
		"mongodb://h/":                        "",
		"mongodb://h/?w=majority":             "",
		"mongodb://h/?w=2":                    "",
		"mongodb://h/?w=here&journal=true":    "",
		"mongodb://h/?retryWrites=false":      "",
		"mongodb://h/?readPreference=nearest": "",
	} {
		err := checkConcern(options.Client().ApplyURI(address).WriteConcern)
		if (err != nil) != (refused != "") || err != nil && !strings.Contains(err.Error(), refused) {
			t.Errorf("%s: %v, want one of %q", address, err, refused)
		}
	}
}

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		version, floor []int
		want           bool
	}{
		{[]int{4, 2, 25, 0}, []int{4, 4, 0}, true},
		{[]int{4, 4, 0, 0}, []int{4, 4, 0}, false},
		{[]int{4, 4, 29, 0}, []int{4, 4, 0}, false},
		{[]int{3, 6, 23}, []int{4, 4, 0}, true},
		{[]int{5, 0, 1}, []int{4, 4, 0}, false},
		{[]int{10, 0, 0}, []int{8, 0, 21}, false},
		{nil, []int{4, 4, 0}, false},
	} {
		if got := older(c.version, c.floor...); got != c.want {
			t.Errorf("%v older than %v: %t", c.version, c.floor, got)
		}
	}
}

func TestUnsafeVersions(t *testing.T) {
	for _, c := range []struct {
		version []int
		want    bool
	}{
		{[]int{4, 4, 29}, true},
		{[]int{6, 0, 99}, true},
		{[]int{7, 0, 31}, true},
		{[]int{7, 0, 32}, false},
		{[]int{8, 0, 20}, true},
		{[]int{8, 0, 21}, false},
		{[]int{8, 2, 0}, false},
		{[]int{9, 0, 0}, false},
	} {
		if got := unsafeVersion(c.version); got != c.want {
			t.Errorf("%v: %t", c.version, got)
		}
	}
}

func TestTooOld(t *testing.T) {
	err := tooOld(errors.New("server at h:1 reports wire version 8, but this version of the Go driver requires at least 9 (MongoDB 4.4)"))
	if !strings.HasPrefix(err.Error(), "MongoDB is older than 4.4") {
		t.Error(err)
	}
	if other := errors.New("refused"); tooOld(other) != other {
		t.Error("another error became that of an old server")
	}
}
