package facets

// ulid is a ULID as 16 bytes.
type ulid [16]byte

// crockford is the alphabet of ULIDs: 32 digits, five bits each.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// crockfordValue is the inverse of crockford, 0xff for other bytes.
var crockfordValue = func() (v [256]byte) {
	for i := range v {
		v[i] = 0xff
	}
	for i := range len(crockford) {
		v[crockford[i]] = byte(i)
	}
	return v
}()

// parseULID reads a ULID of 26 upper-case digits, as String writes it.
func parseULID(s string) (u ulid, ok bool) {
	if len(s) != 26 || s[0] > '7' {
		return u, false
	}
	var high, low uint64 // together 130 bits, of which the first two are zero
	for i := range 26 {
		v := crockfordValue[s[i]]
		if v == 0xff {
			return u, false
		}
		high = high<<5 | low>>59
		low = low<<5 | uint64(v)
	}
	for i := range 8 {
		u[i] = byte(high >> (56 - 8*i))
		u[8+i] = byte(low >> (56 - 8*i))
	}
	return u, true
}

// String writes a ULID as its 26 digits.
func (u ulid) String() string {
	var high, low uint64
	for i := range 8 {
		high = high<<8 | uint64(u[i])
		low = low<<8 | uint64(u[8+i])
	}
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = crockford[low&31]
		low = low>>5 | high<<59
		high >>= 5
	}
	return string(out[:])
}
