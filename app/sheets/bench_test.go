package sheets

import (
	"bytes"
	"fmt"
	"iter"
	"testing"
)

// many yields n rows of 20 cells as a register has them.
func many(n int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range n {
			row := make([]string, 20)
			for k := range row {
				row[k] = fmt.Sprintf("值%d-%d", k, i*7919%3000)
			}
			if !yield(row) {
				return
			}
		}
	}
}

func headers(n int) []string {
	h := make([]string, n)
	for i := range h {
		h[i] = fmt.Sprintf("字段%c", 'A'+i)
	}
	return h
}

// BenchmarkRead opens and reads 20,000 rows of 20 columns as a table.
func BenchmarkRead(b *testing.B) {
	var xlsx, csv bytes.Buffer
	if err := Write(&xlsx, []Out{{Name: "人才", Headers: headers(20), Rows: many(20_000)}}); err != nil {
		b.Fatal(err)
	}
	if err := WriteCSV(&csv, many(20_000), CSVGB18030); err != nil {
		b.Fatal(err)
	}
	for name, content := range map[string][]byte{"xlsx": xlsx.Bytes(), "csv": csv.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				book, err := Open("人才", content, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				rows := 0
				for _, err := range book.Sheets[0].Rows() {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if rows < 20_000 {
					b.Fatal(rows)
				}
			}
		})
	}
}

// BenchmarkWrite writes 20,000 rows of 20 columns as xlsx.
func BenchmarkWrite(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if err := Write(&out, []Out{{Name: "人才", Headers: headers(20), Rows: many(20_000)}}); err != nil {
			b.Fatal(err)
		}
	}
}
