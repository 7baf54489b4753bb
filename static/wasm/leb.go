package wasm

import (
	"encoding/binary"
	"errors"
)

var errShort = errors.New("wasm: the module ends in the middle")

// reader reads a module's numbers and strings. Its first error stays, and every
// read after it gives zero.
type reader struct {
	data []byte
	err  error
}

func (r *reader) uleb() int {
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > 1<<32 {
		r.fail()
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *reader) sleb() int64 {
	var v int64
	for i, c := range r.data {
		v |= int64(c&0x7f) << (7 * i)
		if c&0x80 == 0 {
			r.data = r.data[i+1:]
			if c&0x40 != 0 && i < 9 {
				v |= -1 << (7 * (i + 1))
			}
			return v
		}
		if i == 9 {
			break
		}
	}
	r.fail()
	return 0
}

func (r *reader) byte() byte {
	b := r.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.data) {
		r.fail()
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = errShort
	}
	r.data = nil
}

func appendUleb(b []byte, v int) []byte { return binary.AppendUvarint(b, uint64(v)) }

func appendSleb(b []byte, v int64) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if v == 0 && c&0x40 == 0 || v == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
