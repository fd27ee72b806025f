package sample

// ending is how a role ends before the last day.
type ending int

const (
	stays   ending = iota
	leaves         // the person leaves from a stage that counts
	expires        // the agreement ends and is not renewed
)

// role is how far somebody has come on the last day.
type role struct {
	n                  int // of 60
	track, stage, mode string
	leading            bool
	end                ending
}

const (
	recruit   = "recruit"
	cultivate = "cultivate"
	flexible  = "flexible"
	fulltime  = "fulltime"
)

// talentRoles are 60 talents, in a fresh order in every 60: 7 that count by
// 在库口径, and what a register holds beside them.
var talentRoles = []role{
	{3, recruit, "signed", flexible, true, stays},
	{1, recruit, "onboarded", flexible, true, stays},
	{1, recruit, "onboarded", fulltime, true, stays},
	{1, cultivate, "recognized", "", true, stays},
	{1, cultivate, "cultivating", "", true, stays},
	{1, recruit, "onboarded", flexible, true, leaves},
	{1, recruit, "signed", flexible, true, expires},
	{1, recruit, "signed", fulltime, true, stays},
	{1, recruit, "identified", flexible, true, stays},
	{1, recruit, "contacted", flexible, true, stays},
	{1, recruit, "negotiating", flexible, true, stays},
	{1, recruit, "evaluating", fulltime, true, stays},
	{1, recruit, "publicized", fulltime, true, stays},
	{1, recruit, "paused", flexible, true, stays},
	{1, recruit, "declined", flexible, true, stays},
	{4, recruit, "identified", "", false, stays},
	{4, recruit, "contacted", flexible, false, stays},
	{4, recruit, "negotiating", flexible, false, stays},
	{1, recruit, "evaluating", fulltime, false, stays},
	{1, recruit, "publicized", fulltime, false, stays},
	{3, recruit, "signed", flexible, false, stays},
	{2, recruit, "onboarded", flexible, false, stays},
	{4, recruit, "onboarded", fulltime, false, stays},
	{1, recruit, "onboarded", fulltime, false, leaves},
	{1, recruit, "paused", fulltime, false, stays},
	{1, recruit, "declined", fulltime, false, stays},
	{3, cultivate, "nominated", "", false, stays},
	{2, cultivate, "evaluating", "", false, stays},
	{1, cultivate, "publicized", "", false, stays},
	{4, cultivate, "recognized", "", false, stays},
	{4, cultivate, "cultivating", "", false, stays},
	{2, cultivate, "assessed", "", false, stays},
	{1, cultivate, "cultivating", "", false, leaves},
}

// teamRoles are 20 teams, of which 9 count; track and mode are the lead's.
var teamRoles = []role{
	{n: 9, stage: "counts", leading: true},
	{n: 1, stage: "counts", leading: true, end: leaves},
	{n: 1, stage: "contacted", leading: true},
	{n: 1, stage: "negotiating", leading: true},
	{n: 1, stage: "evaluating", leading: true},
	{n: 1, stage: "identified"},
	{n: 1, stage: "publicized"},
	{n: 5, stage: "counts"},
}

var talentMix, teamMix = mix(talentRoles), mix(teamRoles)

// mix lays the roles out, one element each.
func mix(roles []role) []*role {
	var out []*role
	for i := range roles {
		for range roles[i].n {
			out = append(out, &roles[i])
		}
	}
	return out
}

// The paths that stages take; a mover may skip any.
var (
	recruitPath   = []string{"identified", "contacted", "negotiating", "evaluating", "publicized", "signed", "onboarded"}
	cultivatePath = []string{"nominated", "evaluating", "publicized", "recognized", "cultivating", "assessed"}
)

func pathOf(track string) []string {
	if track == cultivate {
		return cultivatePath
	}
	return recruitPath
}

// engaged reports whether somebody at a stage works with the city.
func engaged(track, stage string) bool {
	if track == cultivate {
		return stage == "recognized" || stage == "cultivating" || stage == "assessed"
	}
	return stage == "signed" || stage == "onboarded"
}
