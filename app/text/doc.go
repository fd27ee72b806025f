// Package text normalises, checks, masks and tokenises the short and long texts of a talent record; it is pure, without input, output or clock.
package text
