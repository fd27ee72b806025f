package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// asset is one file of static, or the files of static/css or static/js as one.
type asset struct {
	name, url, kind string
	content         []byte
	gzip            func() []byte
}

// contentTypes is written out because the system's own table differs from machine to machine.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".woff2": "font/woff2",
}

// assets finds every asset by name ("app.css") and by URL. The parts of static/css and static/js, in order of their names,
// become app.css and app.js, so that the sources stay small and the browser asks once.
var assets = sync.OnceValue(func() map[string]*asset {
	set := map[string]*asset{}
	css, js := joined("static/css"), joined("static/js")
	walk := func(file string, entry fs.DirEntry, err error) error {
		kind, known := contentTypes[path.Ext(file)]
		if err != nil || entry.IsDir() || !known || strings.HasPrefix(file, "static/css/") || strings.HasPrefix(file, "static/js/") {
			return err
		}
		raw, err := files.ReadFile(file)
		add(set, strings.TrimPrefix(file, "static/"), kind, raw)
		return err
	}
	if err := fs.WalkDir(files, "static", walk); err != nil {
		panic(err) // the files are embedded: a missing one is a broken build
	}
	add(set, "app.css", contentTypes[".css"], link(set, css))
	add(set, "app.js", contentTypes[".js"], js)
	return set
})

func joined(dir string) []byte {
	entries, err := files.ReadDir(dir)
	if err != nil {
		panic(err)
	}
	var all []byte
	for _, entry := range entries {
		raw, err := files.ReadFile(dir + "/" + entry.Name())
		if err != nil {
			panic(err)
		}
		all = append(all, raw...)
	}
	return all
}

var urlOfAsset = regexp.MustCompile(`url\("([^":]+)"\)`)

// link puts the hashed URL of each asset that the style sheet names in place of its name.
func link(set map[string]*asset, css []byte) []byte {
	return urlOfAsset.ReplaceAllFunc(css, func(found []byte) []byte {
		name := string(urlOfAsset.FindSubmatch(found)[1])
		if set[name] == nil {
			panic("web: the style sheet names an unknown asset " + name)
		}
		return []byte(`url("` + set[name].url + `")`)
	})
}

func add(set map[string]*asset, name, kind string, content []byte) {
	sum := sha256.Sum256(content)
	a := &asset{name: name, kind: kind, content: content}
	a.url = "/assets/" + hex.EncodeToString(sum[:6]) + "/" + path.Base(name)
	a.gzip = sync.OnceValue(func() []byte { return squeeze(content) })
	set[a.name], set[a.url] = a, a
}

// squeeze is the content in gzip, or nil where that saves less than a tenth, as in fonts.
func squeeze(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil || w.Close() != nil || b.Len() > len(content)*9/10 {
		return nil
	}
	return b.Bytes()
}

// Asset is the URL of a static file by its name under static; the URL changes with the content and may be cached for ever.
func Asset(name string) (string, error) {
	if a := assets()[name]; a != nil && !strings.HasPrefix(name, "/") {
		return a.url, nil
	}
	return "", fmt.Errorf("web: no asset %q", name)
}

// Open finds the asset at a URL made by Asset: its bytes, the same in gzip (nil where that does not pay) and its content type.
// The slices are shared by all callers and must not be changed.
func Open(url string) (content, gzipped []byte, contentType string, ok bool) {
	a := assets()[url]
	if a == nil || !strings.HasPrefix(url, "/assets/") {
		return nil, nil, "", false
	}
	return a.content, a.gzip(), a.kind, true
}
