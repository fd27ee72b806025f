//go:build race

package storetest

// raced says that the race detector is on, which makes everything ten times
// slower and needs no full counts.
const raced = true
