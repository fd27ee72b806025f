package app

import (
	"context"
	"encoding/json"
	"reflect"

	"qunxian/schemas"
	"qunxian/store"
)

// keyringColl holds the canary that tells whether a keyring is the right one.
const keyringColl = "keyring"

// Collections declares every collection and its indexes. queries.go lists the
// shapes of query that they serve. The lists that records speak of come first,
// so that a copy that is read in this order knows them.
var Collections = []store.Collection{
	{Name: schemas.Institutions, History: true},
	{Name: schemas.Taxonomies, History: true},
	{Name: schemas.FieldDefs, History: true, Fields: []store.Field{{Name: "nameKey"}}, Indexes: []store.Index{{Fields: []string{"nameKey"}, Unique: true}}},
	{Name: schemas.Targets, History: true},
	{Name: schemas.Rules, History: true},
	{
		Name: schemas.Users, History: true, Fields: []store.Field{{Name: "nameKey"}, {Name: "opId"}},
		Indexes: []store.Index{{Fields: []string{"nameKey"}, Unique: true}, {Fields: []string{"opId"}, Unique: true}},
	},
	{Name: schemas.Sessions},
	{Name: schemas.APIKeys},
	{Name: schemas.Batches, Fields: []store.Field{{Name: "opId"}}, Indexes: []store.Index{{Fields: []string{"opId"}, Unique: true}}},
	{Name: schemas.Settings, History: true},
	{Name: keyringColl},
	registry(schemas.Talents),
	registry(schemas.Teams),
	registry(schemas.Enterprises),
	{Name: schemas.Talents + termsColl},
	{Name: schemas.Teams + termsColl},
	{Name: schemas.Enterprises + termsColl},
}

// termsColl is the suffix of the collections of text postings.
const termsColl = ".terms"

// registry declares a large collection: lists, counts and facets come from
// memory, so the store serves identity keys, unique keys and text slots.
func registry(name string) store.Collection {
	return store.Collection{
		Name: name, History: true,
		Fields: []store.Field{{Name: "slot"}, {Name: "idKey"}, {Name: "nameKey"}, {Name: "opId"}, {Name: "keys", Array: true}},
		Indexes: []store.Index{
			{Fields: []string{"slot"}},
			{Fields: []string{"idKey"}, Unique: true},
			{Fields: []string{"nameKey"}, Unique: true},
			{Fields: []string{"opId"}, Unique: true},
			{Fields: []string{"keys"}},
		},
	}
}

// declare ties each noun to its catalogue, its rules and its place in memory.
func (a *App) declare() {
	a.talents = large[schemas.Talent](a, newShape(schemas.Talents, schemas.TalentCatalogue, schemas.TalentLists))
	a.talents.normalise, a.talents.keys = a.normaliseTalent, a.talentKeys
	a.talents.legal = legalOf(a, func(t *schemas.Talent) string { return t.Track })
	a.teams = large[schemas.Team](a, newShape(schemas.Teams, schemas.TeamCatalogue, schemas.TeamLists))
	a.teams.normalise, a.teams.keys = a.normaliseTeam, a.teamKeys
	a.teams.legal = legalOf(a, func(t *schemas.Team) string { return t.Track })
	a.enterprises = large[schemas.Enterprise](a, newShape(schemas.Enterprises, schemas.EnterpriseCatalogue, schemas.EnterpriseLists))
	a.enterprises.normalise, a.enterprises.keys = a.normaliseEnterprise, a.enterpriseKeys

	a.institutions = small[schemas.Institution](a, schemas.Institutions)
	a.institutions.normalise = a.normaliseInstitution
	a.taxonomies = small[schemas.Taxonomy](a, schemas.Taxonomies)
	a.taxonomies.normalise, a.taxonomies.keep = a.normaliseTaxonomy, a.keepCodes
	a.fields = small[schemas.FieldDef](a, schemas.FieldDefs)
	a.fields.normalise, a.fields.keep = a.normaliseFieldDef, a.keepMeaning
	a.fields.keys = func(f *schemas.FieldDef, k *keyed) { k.name = f.Collection + "/" + f.Key }
	a.targets = small[schemas.Target](a, schemas.Targets)
	a.targets.normalise = a.normaliseTarget
	a.rules = small[schemas.Rule](a, schemas.Rules)
	a.users = small[schemas.User](a, schemas.Users)
	a.users.normalise = a.normaliseUser
	a.users.keys = func(u *schemas.User, k *keyed) { k.name = squeeze(u.Name) }
	a.users.silent = map[string]bool{"password": true, "passwordAt": true, "epoch": true}
	a.sessions = small[schemas.Session](a, schemas.Sessions)
	a.apikeys = small[schemas.APIKey](a, schemas.APIKeys)
	a.batches = small[schemas.Batch](a, schemas.Batches)
	a.settings = small[schemas.Setting](a, schemas.Settings)
}

// small makes the documents of a collection that is kept whole in memory.
func small[T any, P schemas.Document[T]](a *App, coll string) *documents[T, P] {
	return &documents[T, P]{app: a, shape: newShape(coll, nil, schemas.Lists(reflect.TypeFor[T]())), cached: &cache[T, P]{}, keeps: historyOf(coll)}
}

func historyOf(coll string) bool {
	for _, c := range Collections {
		if c.Name == coll {
			return c.History
		}
	}
	return false
}

// large makes the documents of a collection that is listed from its index.
func large[T any, P schemas.Document[T]](a *App, s *shape) *documents[T, P] {
	return &documents[T, P]{app: a, shape: s, lists: newListing(a, s), keeps: true}
}

func (a *App) loadSmall(ctx context.Context) error {
	for _, load := range []func(context.Context) error{
		a.institutions.load, a.taxonomies.load, a.fields.load, a.targets.load, a.rules.load,
		a.users.load, a.sessions.load, a.apikeys.load, a.batches.load, a.settings.load,
	} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) loadLarge(ctx context.Context) error {
	defer withRoom(200)()
	for _, load := range []func(context.Context) error{a.talents.loadLists, a.teams.loadLists, a.enterprises.loadLists} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	return nil
}

func canaryOf(body []byte) (schemas.Secret, error) {
	var c struct {
		Text schemas.Secret `json:"text"`
	}
	err := json.Unmarshal(body, &c)
	return c.Text, err
}
