package app

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"qunxian/app/text"
	"qunxian/schemas"
)

// ListTalents returns one page of the talents in scope.
func (a *App) ListTalents(ctx context.Context, q ListQuery) (*List, error) {
	return a.talents.list(ctx, q)
}

// GetTalent returns a talent with its K3 values masked.
func (a *App) GetTalent(ctx context.Context, id string) (*schemas.Talent, error) {
	t, err := a.talents.get(ctx, id)
	if err != nil {
		return nil, err
	}
	if t.MergedInto != "" {
		return a.GetTalent(ctx, t.MergedInto)
	}
	return a.talents.mask(t)
}

// CreateTalent registers a talent at the first stage of its track.
func (a *App) CreateTalent(ctx context.Context, f schemas.TalentFields, how How) (*schemas.Talent, error) {
	t, err := a.talents.create(ctx, &schemas.Talent{TalentFields: f}, how)
	if err != nil {
		return nil, err
	}
	return a.talents.mask(t)
}

// UpdateTalent edits a talent if its version is still the one the caller read.
func (a *App) UpdateTalent(ctx context.Context, id string, version int64, how How, edit func(*schemas.TalentFields) error) (*schemas.Talent, error) {
	t, err := a.talents.update(ctx, id, version, how, func(t *schemas.Talent) error { return edit(&t.TalentFields) })
	if err != nil {
		return nil, err
	}
	return a.talents.mask(t)
}

// MoveTalent moves a talent to a stage from a business day on.
func (a *App) MoveTalent(ctx context.Context, id string, version int64, m Move) (*schemas.Talent, error) {
	t, err := move(ctx, a.talents, id, version, m)
	if err != nil {
		return nil, err
	}
	return a.talents.mask(t)
}

// ArchiveTalent takes a talent out of lists and counts from a day on, or with
// restore brings it back.
func (a *App) ArchiveTalent(ctx context.Context, id string, version int64, restore bool, how How) (*schemas.Talent, error) {
	t, err := archive(ctx, a.talents, id, version, restore, how)
	if err != nil {
		return nil, err
	}
	return a.talents.mask(t)
}

// UndoTalent undoes one entry of a talent's history.
func (a *App) UndoTalent(ctx context.Context, id string, version, seq int64, how How) (*schemas.Talent, error) {
	t, err := a.talents.undo(ctx, id, version, seq, how)
	if err != nil {
		return nil, err
	}
	return a.talents.mask(t)
}

// TalentHistory returns the entries of a talent, oldest first, K3 values
// masked.
func (a *App) TalentHistory(ctx context.Context, id string) ([]schemas.Entry, error) {
	return a.talents.shown(ctx, id)
}

// The stages from which on the ID number itself may be kept (已签约, 已认定).
var boundStages = []string{"signed", "onboarded", "left", "recognized", "cultivating", "assessed"}

func (a *App) normaliseTalent(ctx context.Context, t *schemas.Talent) []schemas.FieldError {
	var broken []schemas.FieldError
	t.Name = text.CleanName(t.Name)
	for i := range t.Aliases {
		t.Aliases[i] = text.CleanName(t.Aliases[i])
	}
	for i := range t.FormerNames {
		t.FormerNames[i] = text.CleanName(t.FormerNames[i])
	}
	if t.Track == "" {
		t.Track = "recruit"
	}
	if t.Stage == "" && t.Version <= 1 || t.Stage != "" && a.term(stagesOf(t.Track), t.Stage) == nil {
		t.Stage = a.firstStage(t.Track) // each track has stages of its own
	}
	a.placeRecord(ctx, &t.Region, &t.Unit, t.Employer)
	t.Affiliation.Institution = a.institutionNamed(t.Affiliation.Organisation)
	broken = append(broken, a.idNumber(t)...)
	if !t.BirthDate.Sealed() {
		if t.BirthDate != "" && !partialDate(string(t.BirthDate)) { // the rule of the tag sees it sealed
			broken = append(broken, schemas.FieldError{Field: "birthDate", Rule: "birth"})
		} else if string(t.BirthDate) > string(a.Today()) {
			broken = append(broken, schemas.FieldError{Field: "birthDate", Rule: "future", Param: string(a.Today())})
		}
		t.BirthYear = 0
		if len(t.BirthDate) >= 4 {
			t.BirthYear, _ = strconv.Atoi(string(t.BirthDate[:4]))
		}
	}
	broken = append(broken, a.checkRefs(t.Owner, "employer", t.Employer)...)
	broken = append(broken, normaliseContacts(t.Contacts)...)
	return append(broken, a.checkAttributes(schemas.Talents, t.Attributes)...)
}

// idNumber checks a new ID number, makes its blind index, and keeps the number
// itself only where the office's setting lets it.
func (a *App) idNumber(t *schemas.Talent) []schemas.FieldError {
	switch {
	case t.IDNumber == "" || t.IDNumber.Sealed():
	case t.IDKind == "" || t.IDKind == "id-card":
		id, err := text.ParseIDNumber(string(t.IDNumber))
		if err != nil {
			return []schemas.FieldError{{Field: "idNumber", Rule: idRule(err)}}
		}
		t.IDKind, t.IDNumber = "id-card", schemas.Secret(id.Number)
		t.IDBlind = a.blindID(t)
		if t.BirthDate == "" {
			t.BirthDate = schemas.Secret(id.Birth)
		}
		if t.Gender == "" {
			t.Gender = map[bool]string{true: "male", false: "female"}[id.Male]
		}
	default:
		t.IDBlind = a.blindID(t)
	}
	if t.IDNumber != "" && a.Setting().IDNumberLate && !slices.Contains(boundStages, t.Stage) {
		t.IDNumber = ""
	}
	return nil
}

// blindID is the blind index of a talent's plain ID number.
func (a *App) blindID(t *schemas.Talent) string {
	n := text.IndexKey(text.KeyIDNumber, string(t.IDNumber))
	if n == "" {
		n = squeeze(string(t.IDNumber))
	}
	return a.keys.Blind(text.KeyIDNumber, n)
}

// idRule names the rule that a wrong ID number breaks.
func idRule(err error) string {
	switch {
	case errors.Is(err, text.ErrIDLost):
		return "lostdigits"
	case errors.Is(err, text.ErrIDLength):
		return "idlength"
	case errors.Is(err, text.ErrIDRegion):
		return "idregion"
	case errors.Is(err, text.ErrIDDate):
		return "iddate"
	case errors.Is(err, text.ErrIDCheck):
		return "idcheck"
	}
	return "idnumber"
}

func (a *App) talentKeys(t *schemas.Talent, k *keyed) {
	if t.MergedInto != "" {
		return
	}
	if t.IDBlind != "" {
		k.all = append(k.all, "id:"+t.IDBlind)
		if t.ArchivedOn == "" {
			k.id = t.IDBlind
		}
	}
	for _, c := range t.Contacts {
		if plain, err := a.talents.open(t.ID, "contacts/"+c.ID+"/value", c.Value); err == nil {
			k.contact(c.Kind, plain)
		}
	}
	for _, name := range append([]string{t.Name}, append(t.FormerNames, t.Aliases...)...) {
		k.nameAt(name, t.Affiliation.Organisation)
		if t.Employer.Name != "" && t.Employer.Name != t.Affiliation.Organisation {
			k.nameAt(name, t.Employer.Name)
		}
	}
	k.all = append(k.all, "name:"+squeeze(t.Name))
}
