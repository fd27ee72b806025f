package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"strings"
)

// freeRatio is the unpacked size below which the ratio is not judged: thousands
// of styled empty rows pack very tightly and are common.
const freeRatio = 4 << 20

// prewalk unpacks a whole zip once, keeping nothing, and returns its files by
// lower-case path. It refuses what an honest spreadsheet never has: too many
// files, too large, too tightly packed, a size or checksum that differs from
// the declared one, names used twice or leaving the folder, links.
func prewalk(content []byte, limits Limits) (map[string]*zip.File, error) {
	if err := countEntries(content, limits); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, &Error{Kind: KindBroken, Detail: "directory", cause: err}
	}
	if len(z.File) > limits.Entries {
		return nil, &Error{Kind: KindEntries, Limit: int64(limits.Entries)}
	}
	parts := make(map[string]*zip.File, len(z.File))
	left := limits.Unpacked
	for _, f := range z.File {
		name, err := partName(f)
		if err != nil {
			return nil, err
		}
		if parts[name] != nil {
			return nil, broken("nameTwice")
		}
		parts[name] = f
		n, err := unpack(f, left, limits)
		if err != nil {
			return nil, err
		}
		left -= n
	}
	return parts, nil
}

// countEntries reads the count in the end record before any entry is parsed,
// so that a directory of a million names costs nothing.
func countEntries(content []byte, limits Limits) error {
	tooMany := &Error{Kind: KindEntries, Limit: int64(limits.Entries)}
	end := bytes.LastIndex(content[max(0, len(content)-(22+1<<16)):], []byte("PK\x05\x06"))
	end += max(0, len(content)-(22+1<<16))
	if end < 0 || end+22 > len(content) {
		return broken("cutOff")
	}
	if int(binary.LittleEndian.Uint16(content[end+10:])) > limits.Entries {
		return tooMany
	}
	// A stored zip inside has headers of its own, so the bound is loose.
	if bytes.Count(content, []byte("PK\x01\x02")) > 20*limits.Entries {
		return tooMany
	}
	return nil
}

func partName(f *zip.File) (string, error) {
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
	clean := strings.TrimSuffix(name, "/")
	switch {
	case clean == "" || path.Clean(clean) != clean || path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../"):
		return "", broken("outside")
	case f.Mode()&^(fs.ModePerm|fs.ModeDir) != 0:
		return "", broken("link")
	case f.Flags&1 != 0:
		return "", &Error{Kind: KindEncrypted}
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return "", broken("method")
	}
	return name, nil
}

// unpack reads one entry to its end and returns its size.
func unpack(f *zip.File, left int64, limits Limits) (int64, error) {
	r, err := f.Open()
	if err != nil {
		return 0, &Error{Kind: KindBroken, Detail: "unopened", cause: err}
	}
	defer r.Close()
	// Judged by what was read, not by what is declared.
	allowed := max(freeRatio, int64(min(f.CompressedSize64, 1<<40))*limits.Ratio)
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, io.LimitReader(r, min(left, allowed)+1))
	switch {
	case n > left:
		return 0, &Error{Kind: KindUnpacked, Limit: limits.Unpacked}
	case n > allowed:
		return 0, &Error{Kind: KindRatio, Limit: limits.Ratio}
	case errors.Is(err, zip.ErrChecksum):
		return 0, &Error{Kind: KindBroken, Detail: "checksum", cause: err}
	case err != nil:
		return 0, &Error{Kind: KindBroken, Detail: "declared", cause: err}
	case uint64(n) != f.UncompressedSize64:
		return 0, broken("declared")
	case sum.Sum32() != f.CRC32:
		return 0, broken("checksum")
	}
	return n, nil
}
