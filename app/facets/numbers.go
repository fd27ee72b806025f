package facets

// pageSize is how many numbers a page of a directory holds.
const pageSize = 1024

// page holds, for each of its numbers, a row plus one, and how many are there.
type page struct {
	rows [pageSize]uint32
	used int
}

// directory finds the row of a number, an ord or a present slot. Slots are
// never reused, so it drops the pages that edits have left empty.
type directory struct{ pages []*page }

// row returns the row of n.
func (d *directory) row(n uint32) (row uint32, ok bool) {
	p := n / pageSize
	if int(p) >= len(d.pages) || d.pages[p] == nil {
		return 0, false
	}
	row = d.pages[p].rows[n%pageSize]
	return row - 1, row != 0
}

// set gives n a row.
func (d *directory) set(n, row uint32) {
	p := int(n / pageSize)
	for p >= len(d.pages) {
		d.pages = append(d.pages, nil)
	}
	if d.pages[p] == nil {
		d.pages[p] = new(page)
	}
	at := &d.pages[p].rows[n%pageSize]
	if *at == 0 {
		d.pages[p].used++
	}
	*at = row + 1
}

// clear takes n's row away.
func (d *directory) clear(n uint32) {
	p := int(n / pageSize)
	if p >= len(d.pages) || d.pages[p] == nil || d.pages[p].rows[n%pageSize] == 0 {
		return
	}
	d.pages[p].rows[n%pageSize] = 0
	if d.pages[p].used--; d.pages[p].used == 0 {
		d.pages[p] = nil
	}
}
