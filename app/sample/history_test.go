package sample_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"qunxian/app/progress"
	"qunxian/schemas"
)

// TestHistorySaysWhatWas compares each change with the replay on the entry's
// day, before and after the entry.
func TestHistorySaysWhatWas(t *testing.T) {
	undone, late := 0, 0
	for _, r := range talents(t, demo(9, today)) {
		for i, e := range r.entries {
			if e.Action == schemas.ActUndo {
				undone++
			} else if i > 0 && e.EffectiveOn < r.entries[i-1].EffectiveOn {
				late++
			}
			before := progress.Replay(r.entries[:i], e.EffectiveOn, schemas.Time{})
			after := progress.Replay(r.entries[:i+1], e.EffectiveOn, schemas.Time{})
			if diff := cmp.Diff(schemas.Diff(before, after), e.Changes); diff != "" {
				t.Fatalf("%s seq %d (%s) (-replay +history):\n%s", r.id, e.Seq, e.Action, diff)
			}
		}
	}
	if undone == 0 || late == 0 {
		t.Errorf("%d undone and %d late entries: nothing was tried", undone, late)
	}
}
