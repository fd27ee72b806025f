package app

import (
	"cmp"
	"strings"

	"qunxian/app/progress"
	"qunxian/app/text"
	"qunxian/schemas"
)

// keyed collects the identity keys of a document: what duplicates and imports
// look it up by.
type keyed struct {
	ring *Keyring
	all  []string
	id   string // the blind index of the ID number, unique
	name string // a unique name
}

// contact adds the blind index of a phone number or mail address.
func (k *keyed) contact(kind, plain string) {
	if kind == "mobile" || kind == "phone" {
		kind = "phone"
	}
	if n := text.IndexKey(kind, plain); n != "" {
		k.all = append(k.all, kind+":"+k.ring.Blind(kind, n))
	}
}

// nameAt adds name + organisation, the key of an import without ID numbers.
func (k *keyed) nameAt(name, organisation string) {
	k.all = append(k.all, nameKey(name, organisation))
}

// nameKey is the identity of a name at an organisation: spaces, case and width
// do not count.
func nameKey(name, organisation string) string {
	return "no:" + squeeze(text.CleanName(name)) + "|" + squeeze(organisation)
}

func squeeze(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(text.Clean(s)), ""))
}

// tracked gives the Tracked part of a talent or team, or nil.
func tracked(doc any) *schemas.Tracked {
	switch d := doc.(type) {
	case *schemas.Talent:
		return &d.Tracked
	case *schemas.Team:
		return &d.Tracked
	}
	return nil
}

// since sets the day from which a document is in its stage.
func since(doc any, entries []schemas.Entry) {
	t := tracked(doc)
	if t == nil {
		return
	}
	t.StageSince = ""
	var best schemas.Entry
	for _, e := range progress.Live(entries, schemas.Time{}) {
		if changes(e.Changes, "stage") && (e.EffectiveOn > best.EffectiveOn || e.EffectiveOn == best.EffectiveOn && e.Seq > best.Seq) {
			best = e
		}
	}
	if t.Stage != "" {
		t.StageSince = cmp.Or(schemas.Date(best.Details[carried]), best.EffectiveOn)
	}
}
