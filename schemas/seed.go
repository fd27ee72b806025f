package schemas

// SeedTaxonomies returns the lists that a new installation starts with, always
// the same and in the same order. Ids of lists and codes never change; an
// admin may rename, add and retire terms afterwards.
func SeedTaxonomies() []Taxonomy {
	return []Taxonomy{
		industries(), sectors(), directions(), regions(),
		tiers(), teamTiers(), talentTypes(),
		tracks(), origins(), modes(), cooperations(), channels(), consents(),
		recruitStages(), cultivateStages(),
		genders(), documentKinds(), contactKinds(),
		educationLevels(), degrees(), ranks(),
		achievementKinds(), qualifications(),
	}
}

// taxonomy makes a list whose terms stand in the given order.
func taxonomy(id, name, nameEn, source string, groups ...[]Term) Taxonomy {
	t := Taxonomy{Meta: Meta{ID: id}}
	t.Name, t.NameEn, t.Source = name, nameEn, source
	for _, g := range groups {
		t.Terms = append(t.Terms, g...)
	}
	for i := range t.Terms {
		t.Terms[i].Order = (i + 1) * 10 // room to put a term between two
	}
	return t
}

func term(id, name, nameEn string, aliases ...string) Term {
	return Term{ID: id, Name: name, NameEn: nameEn, Aliases: aliases}
}

// under puts the children of a term behind it.
func under(parent Term, children ...Term) []Term {
	for i := range children {
		children[i].Parent = parent.ID
	}
	return append([]Term{parent}, children...)
}
