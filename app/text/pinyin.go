package text

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// maxReadings bounds the readings of one name, whose number is else the product of those of its characters.
const maxReadings = 16

// Readings returns how a person's name, or an alias of an institution, may be read: syllables joined by a space, the right reading first, then the common misreadings, at most 16.
// Latin words are syllables of their own, lower-cased without accents; ü is v first, then u, then yu as in passports. A text without a sound has no readings.
func Readings(name string) []string {
	var all []string
	for _, r := range parseName(name).readings() {
		all = append(all, strings.Join(r.syllables, " "))
	}
	return all
}

// maxSortKey bounds a key, and with it the cursors that hold one: some 24 Han characters. Longer names that begin alike tie.
const maxSortKey = 240

// SortKey returns a key whose byte order is the pinyin order of names: by syllable, tone, then character, Latin letters folded among them.
func SortKey(name string) string {
	var key strings.Builder
	for _, u := range parseName(name) {
		if key.Len() >= maxSortKey {
			break
		}
		for i, syllable := range u.sounds[0] {
			if key.Len() > 0 {
				key.WriteByte(' ')
			}
			key.WriteString(syllable)
			if u.written != nil {
				key.WriteByte(u.tones[i])
				key.WriteRune(u.written[i])
			}
		}
	}
	return strings.ToValidUTF8(key.String()[:min(key.Len(), maxSortKey)], "")
}

// A unit is a part of a name that is read as one: a surname, a Han character or a Latin word.
type unit struct {
	written []rune     // the Han characters, nil for a Latin word
	sounds  [][]string // the ways to read it, each of as many syllables, without tones
	tones   []byte     // '1' to '5', those of the first way
	starts  bool       // whether someone may begin to type here: a word or the given name
}

// A reading is one way to say a whole name.
type reading struct {
	syllables []string
	starts    []int // indexes into syllables where a word or the given name begins, 0 left out
}

type units []unit

// parseName splits a name into units. The rules of surnames hold for a purely Han name of the usual length; a name with a dot or with Latin words is read character by character.
func parseName(name string) units {
	words := strings.FieldsFunc(dropSelectors(CleanName(name)), func(r rune) bool { return !isWordRune(r) })
	var all units
	for _, word := range words {
		runes := []rune(word)
		if n := surnameLength(runes); n > 0 && len(words) == 1 {
			all = append(all, surname(runes[:n]))
			runes = runes[n:]
		}
		begin := true
		for len(runes) > 0 {
			n := 1
			if isHan(runes[0]) {
				u := character(runes[0])
				u.starts = begin
				all = append(all, u)
				begin = false
			} else {
				for n < len(runes) && !isHan(runes[n]) {
					n++
				}
				if latin := foldLatin(string(runes[:n])); latin != "" {
					all = append(all, unit{sounds: [][]string{{latin}}, starts: true})
				}
				begin = true
			}
			runes = runes[n:]
		}
	}
	return all
}

// surnameLength returns how many characters of a Han name are its surname, 0 if it does not look like a surname and a given name.
func surnameLength(name []rune) int {
	for _, r := range name {
		if !isHan(r) {
			return 0
		}
	}
	if len(name) >= 2 && len(name) <= 5 && compoundSurnames[string(name[:2])] != nil {
		return 2
	}
	if len(name) >= 1 && len(name) <= 4 {
		return 1
	}
	return 0
}

func surname(written []rune) unit {
	if entry := compoundSurnames[string(written)]; entry != nil {
		return entry.unit(written)
	}
	if entry := surnames[string(written)]; entry != nil {
		return entry.unit(written)
	}
	return character(written[0])
}

// character reads one Han character as it is read outside surnames. A rare one that no dictionary reads stands for itself in sort keys and is silent in search.
func character(r rune) unit {
	if u, ok := characters.Load(r); ok {
		return u.(unit)
	}
	u, known := readCharacter(r)
	if known {
		characters.Store(r, u)
	}
	return u
}

// characters are the units that have been read: some thousands in a register, and no more than the dictionary has.
var characters sync.Map // rune → unit

func readCharacter(r rune) (u unit, known bool) {
	written := []rune{r}
	if entry := otherReadings[string(r)]; entry != nil {
		return entry.unit(written), true
	}
	first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	if first == "" {
		return unit{written: written, sounds: [][]string{{string(r)}}, tones: []byte{'5'}}, false
	}
	sound, tone := splitTone(first)
	return unit{written: written, sounds: spellings([]string{sound}), tones: []byte{tone}}, true
}

// readings multiplies the ways to read each unit, the first unit varying fastest: a surname is misread more often than a given name.
func (all units) readings() []reading {
	count := 1
	for _, u := range all {
		count = min(count*len(u.sounds), maxReadings)
	}
	var list []reading
	for n := range count {
		var r reading
		for _, u := range all {
			way := u.sounds[n%len(u.sounds)]
			n /= len(u.sounds)
			if u.written != nil && way[0] == string(u.written[0]) {
				continue
			}
			if u.starts && len(r.syllables) > 0 {
				r.starts = append(r.starts, len(r.syllables))
			}
			r.syllables = append(r.syllables, way...)
		}
		if len(r.syllables) > 0 {
			list = append(list, r)
		}
	}
	return list
}

// An entry is a row of the tables of readings.
type entry struct {
	sounds [][]string
	tones  []byte
}

func (e *entry) unit(written []rune) unit {
	return unit{written: written, sounds: e.sounds, tones: e.tones}
}

// table reads rows of "reading,misreading,…" whose first reading has tone numbers.
func table(rows map[string]string) map[string]*entry {
	entries := make(map[string]*entry, len(rows))
	for written, row := range rows {
		e := &entry{}
		for i, way := range strings.Split(row, ",") {
			syllables := strings.Fields(way)
			for k, s := range syllables {
				if i == 0 {
					e.tones = append(e.tones, s[len(s)-1])
					syllables[k] = s[:len(s)-1]
				}
			}
			e.sounds = append(e.sounds, spellings(syllables)...)
		}
		entries[written] = e
	}
	return entries
}

// spellings returns the ways to type a reading: ü as v, as u, and as the yu of passports.
func spellings(syllables []string) [][]string {
	ways := [][]string{syllables}
	if !strings.Contains(strings.Join(syllables, ""), "v") {
		return ways
	}
	for _, letter := range []string{"u", "yu"} {
		way := make([]string, len(syllables))
		for i, s := range syllables {
			way[i] = strings.ReplaceAll(s, "v", letter)
		}
		ways = append(ways, way)
	}
	return ways
}

// splitTone takes the mark off a syllable of the dictionary: "shàn" is "shan" and '4', "lǚ" is "lv" and '3', no mark is '5'.
func splitTone(marked string) (sound string, tone byte) {
	tone = '5'
	letters := make([]byte, 0, 6)
	for _, r := range norm.NFD.String(marked) {
		switch {
		case r == '\u0304':
			tone = '1'
		case r == '\u0301':
			tone = '2'
		case r == '\u030c':
			tone = '3'
		case r == '\u0300':
			tone = '4'
		case r == '\u0308' && len(letters) > 0:
			letters[len(letters)-1] = 'v'
		case r < 0x80:
			letters = append(letters, byte(r))
		}
	}
	return string(letters), tone
}
