package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"qunxian/schemas"
	"qunxian/store"
)

// secretive is a talent whose K3 values are markers, and the markers.
func secretive(n int) (schemas.TalentFields, []string) {
	id := idNumber(fmt.Sprintf("110105195703%02d%03d", 1+n%28, n))
	phone, mail := fmt.Sprintf("138777%05d", n), fmt.Sprintf("marker%05d@mail.example", n)
	birth := fmt.Sprintf("1957-03-%02d", 1+n%28)
	word := func(what string) string { return fmt.Sprintf("marker-%s-%05d", what, n) }
	f := schemas.TalentFields{
		Name: fmt.Sprintf("甲%05d", n), IDNumber: schemas.Secret(id), BirthDate: schemas.Secret(birth), Bio: "看得见的简介",
		Contacts: []schemas.Contact{
			{Kind: "mobile", Value: schemas.Secret(phone), Note: schemas.Secret(word("note"))},
			{Kind: "email", Value: schemas.Secret(mail)},
		},
		Consents: []schemas.Consent{{
			Purpose: schemas.Secret(word("purpose")), Recipient: schemas.Secret(word("recipient")), Notice: schemas.Secret(word("notice")), Basis: schemas.Secret(word("basis")),
			At: schemas.Secret(word("at")), By: schemas.Secret(word("by")), Evidence: schemas.Secret(word("evidence")), WithdrawnAt: schemas.Secret(word("withdrawn")),
		}},
	}
	return f, []string{id, birth, phone, mail, word("")[:6] + "-"}
}

// TestStolenDatabase scans the bytes of the database for K3 values that were
// written, edited, imported, refused, undone and archived.
func TestStolenDatabase(t *testing.T) {
	o := openApp(t)
	if _, err := o.UpdateSetting(bg, 0, How{}, func(s *schemas.SettingFields) error { s.IDNumberLate = false; return nil }); err != nil {
		t.Fatal(err)
	}
	var markers []string
	for n := range 100 {
		f, ms := secretive(n)
		markers = append(markers, ms...)
		id := o.talent(f, "2026-01-01").ID
		next, ms := secretive(n + 500)
		markers = append(markers, ms...)
		must(o.edit(id, How{Reason: "更正"}, func(f *schemas.TalentFields) {
			f.IDNumber, f.BirthDate, f.Contacts, f.Consents = next.IDNumber, next.BirthDate, next.Contacts, next.Consents
		}))(t)
		switch n % 3 {
		case 0:
			must(o.UndoTalent(bg, id, 0, 2, How{}))(t)
		case 1:
			must(o.ArchiveTalent(bg, id, 0, false, How{}))(t)
		case 2:
			must(o.edit(id, How{On: "2026-02-01"}, func(f *schemas.TalentFields) { f.Contacts[0].Note = "marker-late" }))(t)
		}
	}
	o.read(ImportOptions{}, table("a.csv", "姓名|工作单位|身份证号|手机|邮箱|出生年月",
		"好行|一厂|"+idNumber("11010519580301100")+"|13877788888|marker-import@mail.example|1958-03-01",
	))
	markers = append(markers, idNumber("11010519580301100"), "13877788888", "1958-03-01")
	if _, err := o.CreateEnterprise(bg, schemas.EnterpriseFields{Name: "一厂", Contacts: []schemas.Contact{{Kind: "mobile", Value: "13877799999"}}}, How{}); err != nil {
		t.Fatal(err)
	}
	markers = append(markers, "13877799999")
	o.sightings(markers, "before closing")
	if err := o.Fold(bg); err != nil {
		t.Fatal(err)
	}
	o.reopen()
	o.sightings(markers, "after closing")
	if disk := o.db.Content(); !bytes.Contains(disk, []byte("看得见的简介")) || !bytes.Contains(disk, []byte("甲00001")) {
		t.Error("the scan does not find what is plain: it shows nothing")
	}
}

// TestStolenDatabaseOfRefusedRows scans for the K3 values of rows that an
// import refused.
func TestStolenDatabaseOfRefusedRows(t *testing.T) {
	o := openApp(t)
	r := o.read(ImportOptions{}, table("a.csv", "姓名|工作单位|身份证号|手机|邮箱|出生年月",
		"错号|一厂|110105195703011009|||", "错机|一厂||1387776||", "错箱|一厂|||marker-at-mail|", "错日|一厂||||12/05/1957"))
	if r.Refused != 4 {
		t.Fatalf("%+v", outcomes(r))
	}
	o.sightings([]string{"110105195703011009", "1387776", "marker-at-mail", "12/05/1957"}, "refused rows")
}

func (o *office) sightings(markers []string, when string) {
	o.t.Helper()
	disk := o.db.Content()
	for _, m := range markers {
		if n := bytes.Count(disk, []byte(m)); n > 0 {
			o.t.Errorf("%s: %q stands %d times in the database's files", when, m, n)
		}
	}
}

// TestSealedValueStaysInItsPlace opens sealed values under every other place
// and key, and finds none that opens.
func TestSealedValueStaysInItsPlace(t *testing.T) {
	k, other := NewKeyring(), NewKeyring()
	places := [][3]string{}
	for _, coll := range []string{"talents", "enterprises"} {
		for n := range 8 {
			for _, path := range []string{"idNumber", "birthDate", "contacts/1/value", "contacts/2/value"} {
				places = append(places, [3]string{coll, fmt.Sprint("id", n), path})
			}
		}
	}
	tried := 0
	for _, p := range places {
		sealed := k.Seal(p[0], p[1], p[2], "13800000001")
		if strings.Contains(string(sealed), "13800000001") || sealed == k.Seal(p[0], p[1], p[2], "13800000001") {
			t.Fatal("sealing is plain or repeats itself")
		}
		for _, q := range places {
			tried++
			plain, err := k.Open(q[0], q[1], q[2], sealed)
			if (err == nil) != (p == q) || err == nil && plain != "13800000001" {
				t.Fatalf("value of %v opened as %v: %q, %v", p, q, plain, err)
			}
		}
		if _, err := other.Open(p[0], p[1], p[2], sealed); err == nil {
			t.Fatal("another keyring opens the value")
		}
	}
	t.Logf("%d tries", tried)
}

// TestMovedCipherText swaps sealed values in the store and by edits.
func TestMovedCipherText(t *testing.T) {
	o := openApp(t)
	a, _ := secretive(1)
	b, _ := secretive(2)
	one, two := o.talent(a).ID, o.talent(b).ID
	first, rec, err := o.talents.read(bg, one)
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := o.talents.read(bg, two)
	if err != nil {
		t.Fatal(err)
	}
	for name, with := range map[string]func(*schemas.TalentFields){
		"another record's":  func(f *schemas.TalentFields) { f.BirthDate = second.BirthDate },
		"another field's":   func(f *schemas.TalentFields) { f.BirthDate = f.Contacts[0].Value },
		"another contact's": func(f *schemas.TalentFields) { f.Contacts[0].Value = f.Contacts[1].Value },
		"a plain e1:":       func(f *schemas.TalentFields) { f.BirthDate = "e1:k1:AAAA" },
		"a new item's": func(f *schemas.TalentFields) {
			f.Consents = append(f.Consents, schemas.Consent{Purpose: "e1:"}, schemas.Consent{Purpose: "e1:x"})
		},
	} {
		_, err := o.edit(one, How{}, with)
		if err == nil {
			t.Errorf("%s cipher text is taken", name)
			continue
		}
		refused(t, err, schemas.Invalid, "", "sealed")
	}
	_, err = o.CreateTalent(bg, schemas.TalentFields{Name: "乙", BirthDate: first.BirthDate}, How{})
	refused(t, err, schemas.Invalid, "birthDate", "sealed")

	first.BirthDate = second.BirthDate
	moved := rec
	moved.Version, moved.Entries = 2, []json.RawMessage{[]byte(`{"seq":2,"recordedAt":"2026-11-23T02:00:00.000Z","effectiveOn":"2026-11-23","actor":"thief","action":"update"}`)}
	moved.Body = must(json.Marshal(first))(t)
	moved.Fields = store.Fields{"slot": int64(1)}
	if err := o.store.Update(bg, schemas.Talents, 1, moved); err != nil {
		t.Fatal(err)
	}
	if got, err := o.GetTalent(bg, one); !errors.Is(err, ErrKeyring) {
		t.Errorf("a value moved in the store is shown: %v, %v", got, err)
	}
	if _, err := o.GetTalent(bg, two); err != nil {
		t.Errorf("the other record: %v", err)
	}
}

// TestMaskedSentBack sends a record back as it was shown: nothing changes, and
// what is really new is sealed.
func TestMaskedSentBack(t *testing.T) {
	o := openApp(t)
	f, markers := secretive(3)
	id := o.talent(f).ID
	must(o.MoveTalent(bg, id, 0, Move{Stage: "signed"}))(t)
	must(o.edit(id, How{}, func(n *schemas.TalentFields) { n.IDNumber = f.IDNumber }))(t)
	shown := must(o.GetTalent(bg, id))(t)
	said := string(must(json.Marshal(shown))(t))
	for _, m := range markers {
		if strings.Contains(said, m) {
			t.Errorf("%q is shown unmasked", m)
		}
	}
	if shown.IDNumber == "" || shown.BirthDate == "" || shown.Consents[0].Purpose != "••••" || shown.Contacts[0].Value != "138****0003" {
		t.Errorf("masks: %q %q %q %q", shown.IDNumber, shown.BirthDate, shown.Consents[0].Purpose, shown.Contacts[0].Value)
	}
	back := must(o.edit(id, How{}, func(n *schemas.TalentFields) { *n = shown.TalentFields }))(t)
	if back.Version != shown.Version {
		entries := must(o.TalentHistory(bg, id))(t)
		t.Errorf("version %d after sending version %d back: %+v", back.Version, shown.Version, entries[len(entries)-1].Changes)
	}
	stored, _, err := o.talents.read(bg, id)
	if err != nil {
		t.Fatal(err)
	}
	if plain := must(o.talents.opened(stored))(t); plain.BirthDate != f.BirthDate || plain.Contacts[0].Value != f.Contacts[0].Value || plain.IDNumber != f.IDNumber {
		t.Errorf("values after sending the masked ones back: %s %s %s", plain.BirthDate, plain.Contacts[0].Value, plain.IDNumber)
	}
	for _, e := range must(o.TalentHistory(bg, id))(t) {
		if s := fmt.Sprint(e); strings.Contains(s, schemas.SealMark) {
			t.Errorf("history shows cipher text: %s", s)
		}
	}
	for _, on := range []schemas.On{schemas.Staff, schemas.Viewer, schemas.Masked} {
		l := must(o.ListTalents(bg, ListQuery{On: on}))(t)
		for _, m := range append(markers, schemas.SealMark, "138****0003") {
			if bytes.Contains(l.Cards[0], []byte(m)) {
				t.Errorf("card %d shows %q: %s", on, m, l.Cards[0])
			}
		}
	}
}

// TestWrongKeyring refuses to start without the keyring that belongs to the
// database, and leaves both as they were.
func TestWrongKeyring(t *testing.T) {
	o := openApp(t)
	f, _ := secretive(4)
	o.talent(f)
	o.close()
	right := must(os.ReadFile(o.ring))(t)
	files := func() string {
		ring, err := os.ReadFile(o.ring)
		return fmt.Sprintf("%x %x %t", sha256.Sum256(o.db.Content()), sha256.Sum256(ring), os.IsNotExist(err))
	}
	var other Keyring
	if err := json.Unmarshal(right, &other); err != nil {
		t.Fatal(err)
	}
	swapped := other
	swapped.Keys = map[string][]byte{"k1": bytes.Repeat([]byte{7}, 32)}
	short := other
	short.Keys = map[string][]byte{"k1": {1, 2, 3}}
	noActive := other
	noActive.Active = "k9"
	for name, ring := range map[string][]byte{
		"none":         nil,
		"empty":        {},
		"no JSON":      []byte("keyring"),
		"another one":  must(json.Marshal(NewKeyring()))(t),
		"another key":  must(json.Marshal(swapped))(t),
		"a short key":  must(json.Marshal(short))(t),
		"no such key":  must(json.Marshal(noActive))(t),
		"for all eyes": right,
	} {
		if err := os.Remove(o.ring); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if name != "none" {
			if err := os.WriteFile(o.ring, ring, 0o600); err != nil {
				t.Fatal(err)
			}
			if name == "for all eyes" {
				if err := os.Chmod(o.ring, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		before := files()
		a, err := o.tryOpen()
		if !errors.Is(err, ErrKeyring) {
			t.Errorf("%s: err = %v", name, err)
		}
		if a != nil {
			_ = a.Close()
		}
		if files() != before {
			t.Errorf("%s: the refused start changed something", name)
		}
	}
	if err := os.WriteFile(o.ring, right, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(o.ring, 0o600); err != nil {
		t.Fatal(err)
	}
	o.open()
	if got := must(o.GetTalent(bg, o.named(f.Name).ID))(t); got.Name != f.Name {
		t.Errorf("with the right keyring: %+v", got)
	}
}
